"""The page of papers: which are due, what is missing, files that are whole or not given, and what was typed."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest
import yaml

pytest.importorskip("fastapi")
from fastapi.testclient import TestClient

import kido
from kido.errors import KidoError, Problem
from kido.face.http.app import create_app
from kido.face.web.order_typed import typed, typed_of
from tests.face.test_web import NEVER, Read, asked, sound

ROOT = Path(__file__).resolve().parents[2]
MAGNET = "act=export&exported_from=CN&destination=JP&form=magnet&magnet_family=NdFeB&origin=CN&on=2026-11-23"
PACK = (ROOT / "examples/import-pack.yaml").read_bytes()
PAGES = ["/papers", f"/papers?{MAGNET}&party.0.role=end_user&party.0.name=TDK", "/papers?sample=import-pack", "/papers?sample=target-papers",
         "/papers?act=export&exported_from=JP&destination=DE&form=target&element=Tb", "/papers?form=magnet"]  # fmt: skip


@pytest.fixture(scope="module")
def web(tmp_path_factory):
    return TestClient(create_app(tmp_path_factory.mktemp("jobs")), base_url="http://127.0.0.1:8512")


def sent(page: Read) -> dict[str, str]:
    """What the form of a page would send as it stands."""
    fields = {}
    for tag, attrs in page.tags:
        if tag == "input" and attrs.get("name") and attrs.get("type") != "file":
            fields[attrs["name"]] = attrs.get("value") or ""
        elif tag == "select":
            name = attrs["name"]
        elif tag == "option" and "selected" in attrs:
            fields[name] = attrs["value"]
    return {name: value for name, value in fields.items() if name == "facts" or name.startswith(("party.", "papers."))}


@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize("path", PAGES)
def test_every_page_of_papers_is_sound(web, path, lang):
    response = web.get(asked(path, lang))
    page = sound(response, lang)
    assert response.status_code == 200 and not NEVER.search(page.words), NEVER.search(page.words)
    assert len(response.content) < 150_000


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_the_page_says_what_the_pack_says(web, lang):
    facts = {"act": "export", "exported_from": "CN", "destination": "JP", "form": "magnet", "magnet_family": "NdFeB", "origin": "CN"}
    pack = kido.papers(facts, on="2026-11-23")
    page = Read(web.get(asked(f"/papers?{MAGNET}", lang)).text)
    for paper in pack.papers:
        assert paper.title[lang] in page.words and paper.id in page.words
    for _, gaps in pack.checked.gaps:
        for gap in gaps:
            assert gap.label[lang] in page.words
    values = [attrs.get("value") for attrs in page.all("button")]
    assert {f"{paper.id}.{kind}" for paper in pack.papers for kind in ("pdf", "docx", "xlsx")} | {"papers.zip", "reminders.ics"} <= set(
        values
    )


def test_the_check_page_leads_to_its_papers(web):
    page = Read(web.get(asked(f"/check?{MAGNET}", "en")).text)
    link = next(attrs["href"] for attrs in page.all("a") if attrs.get("href", "").startswith("/papers?"))
    there = Read(web.get(link).text)
    assert json.loads(sent(there)["facts"])["magnet_family"] == "NdFeB" and "cn-2-end-user-certificate.pdf" in [
        b.get("value") for b in there.all("button")
    ]


# -- what is typed --------------------------------------------------------------------------


def test_what_is_typed_fills_gaps_and_comes_back(web):
    before = Read(web.get(asked(f"/papers?{MAGNET}", "ja")).text)
    fields = sent(before) | {
        "papers.order.contract_no": "C-1",
        "papers.lines.0.name.zh": "磁体",
        "party.0.name.ja": "見本商事株式会社",
        "party.0.role": "buyer",
    }
    response = web.post("/papers?lang=ja", data=fields)
    page = sound(response, "ja")
    assert response.status_code == 200
    kept = sent(page)
    for name in ("papers.order.contract_no", "papers.lines.0.name.zh", "party.0.name.ja"):
        assert kept[name] == fields[name]
    assert "buyer" in [attrs.get("value") for attrs in page.all("option") if "selected" in attrs]
    certificate = "".join(before.text).count("契約番号"), "".join(page.text).count("契約番号")
    assert certificate[1] < certificate[0]  # asked for no more


@pytest.mark.parametrize(("lang", "said"), [("ja", "日付ではありません"), ("en", "is not a date")])
def test_an_error_stands_beside_its_field_and_papers_wait(web, lang, said):
    fields = sent(Read(web.get(asked(f"/papers?{MAGNET}", lang)).text))
    fields |= {"papers.order.contract_date": "soon", "papers.order.contract_no": "C-9", "party.0.country": "Zz", "party.0.name.ja": "見本"}
    response = web.post(f"/papers?lang={lang}", data=fields)
    page = sound(response, lang)
    assert response.status_code == 422 and said in page.words
    controls = {control.get("name"): control for control in page.controls}
    assert controls["papers.order.contract_date"]["value"] == "soon" and controls["papers.order.contract_no"]["value"] == "C-9"
    for name in ("papers.order.contract_date", "party.0.country"):
        assert controls[name]["aria-invalid"] == "true"
    assert not any((attrs.get("name") or "") == "get" for attrs in page.all("button"))
    assert web.post(f"/papers/get?lang={lang}", data=fields | {"get": "papers.zip"}).status_code == 422


def test_the_switch_sends_what_was_typed(web):
    page = Read(web.post("/papers?lang=ja", data={"facts": '{"form": "magnet"}', "papers.order.order_no": "PO-7"}).text)
    switch = next(attrs for attrs in page.all("button") if attrs.get("lang") == "en")
    assert switch["form"] == "order" and switch["formaction"] == "/papers?lang=en"
    other = Read(web.post(switch["formaction"], data=sent(page)).text)
    assert other.all("html")[0]["lang"] == "en" and sent(other)["papers.order.order_no"] == "PO-7"


def test_fields_and_a_transaction_say_the_same():
    facts = yaml.load(PACK, yaml.BaseLoader)
    made = typed_of(facts)
    assert made.transaction().plain() == facts
    pairs = [("facts", made.carried())]
    pairs += [
        (f"party.{no}.{key}{'.' + lang if lang else ''}", text)
        for no, row in enumerate(made.parties)
        for key, cell in row.items()
        for lang, text in cell.items()
    ]
    pairs += [
        (f"papers.{section}.{key}{'.' + lang if lang else ''}", text)
        for section, row in made.values.items()
        for key, cell in row.items()
        for lang, text in cell.items()
    ]
    pairs += [
        (f"papers.{section}.{no}.{key}{'.' + lang if lang else ''}", text)
        for section, rows in made.rows.items()
        for no, row in enumerate(rows)
        for key, cell in row.items()
        for lang, text in cell.items()
    ]
    assert typed(pairs).transaction().plain() == facts


def test_what_a_party_carries_beside_is_not_lost():
    facts = {
        "form": "magnet",
        "parties": [{"role": "buyer", "name": "A"}, {"role": "end_user", "name": "B", "ruled_out": ["x"], "owners": [{"name": "C"}]}],
    }
    made = typed_of(facts)
    pairs = [("facts", made.carried()), ("party.0.role", "buyer"), ("party.1.role", "end_user"), ("party.1.name", "B2")]
    assert typed(pairs).transaction().plain()["parties"] == [
        {"ruled_out": ["x"], "owners": [{"name": "C"}], "role": "end_user", "name": "B2"}
    ]


# -- files ----------------------------------------------------------------------------------


def test_papers_are_given_in_three_formats(web):
    fields = sent(Read(web.get("/papers?sample=import-pack&lang=ja").text))
    for kind, begins in (("pdf", b"%PDF-"), ("docx", b"PK"), ("xlsx", b"PK")):
        response = web.post("/papers/get?lang=ja", data=fields | {"get": f"cn-2-end-user-certificate.{kind}"})
        assert response.status_code == 200 and response.content.startswith(begins)
        assert response.headers["content-disposition"] == f'attachment; filename="cn-2-end-user-certificate.{kind}"'
        assert response.headers["x-content-type-options"] == "nosniff" and "no-store" in response.headers["cache-control"]
    text = web.post("/papers/get?lang=ja", data=fields | {"get": "reminders.ics"}).text
    assert text.startswith("BEGIN:VCALENDAR") and "BEGIN:VEVENT" in text


def test_the_archive_holds_every_paper(web):
    page = Read(web.get("/papers?sample=import-pack&lang=ja").text)
    response = web.post("/papers/get?lang=ja", data=sent(page) | {"get": "papers.zip"})
    names = zipfile.ZipFile(io.BytesIO(response.content)).namelist()
    wanted = {b["value"] for b in page.all("button") if b.get("name") == "get"} - {"papers.zip"}
    assert wanted <= set(names) and "pack.json" in names and len(wanted) > 30


def test_nothing_half_written_is_given(web, monkeypatch):
    from kido.papers import write_docx

    def fails(paper):
        raise KidoError(Problem("file-not-written", paper.id, "x", {"why": "disk full"}))

    fields = sent(Read(web.get("/papers?sample=target-papers&lang=en").text))
    monkeypatch.setattr(write_docx, "docx", fails)
    for name in ("papers.zip", "reply.docx"):
        response = web.post("/papers/get?lang=en", data=fields | {"get": name})
        page = sound(response, "en")
        assert response.status_code == 422 and "disk full" in page.words and sent(page)["papers.order.order_no"] == "PO-88231"
    assert web.post("/papers/get?lang=en", data=fields | {"get": "reply.pdf"}).content.startswith(b"%PDF-")


@pytest.mark.parametrize("name", ["../../etc/passwd.pdf", "reply.exe", "cn-3-profile.pdf", "", "pack.json", "reminders.ics.pdf"])
def test_a_file_that_is_none_of_these_papers_is_refused(web, name):
    response = web.post("/papers/get?lang=en", data={"facts": '{"act": "export", "exported_from": "JP", "destination": "DE"}', "get": name})
    assert response.status_code == 422 and "have no such file" in sound(response, "en").words


def test_no_photo_of_this_machine_is_read(web, tmp_path, monkeypatch):
    from kido.papers import pictures

    monkeypatch.setattr(pictures, "_read", lambda *path: pytest.fail(f"{path} was read"))
    secret = tmp_path / "secret.png"
    secret.write_bytes(b"x")
    facts = yaml.load(PACK, yaml.BaseLoader)
    facts["papers"]["photos"] = [{"kind": "goods", "file": str(secret)}]
    response = web.post("/papers/file?lang=en", files={"file": ("a.yaml", yaml.safe_dump(facts, allow_unicode=True).encode())})
    page = sound(response, "en")
    assert response.status_code == 200 and "Photo files are not read on this page" in page.words
    fields = sent(page) | {"papers.photos.0.kind": "goods", "papers.photos.0.file": str(secret), "get": "cn-6-photos.pdf"}
    assert web.post("/papers/get?lang=en", data=fields).content.startswith(b"%PDF-")


# -- transaction files, and who may send ------------------------------------------------------


def test_a_transaction_file_fills_the_page(web):
    for name, data in (("発注.yaml", PACK), ("order.JSON", json.dumps(yaml.load(PACK, yaml.BaseLoader)).encode())):
        response = web.post("/papers/file?lang=ja", files={"file": (name, data)})
        page = sound(response, "ja")
        fields = sent(page)
        assert (
            response.status_code == 200
            and fields["papers.order.contract_no"] == "C-2026-118"
            and fields["papers.lines.0.name.zh"] == "烧结钕铁硼永磁体"
        )
        assert json.loads(fields["facts"])["goods"]["composition"]["Dy"] == "3.2"


@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize(
    ("name", "data"),
    [("a.csv", b"a,b\n1,2\n"), ("a.yaml", b"a: [1\n"), ("a.json", b"{"), ("a.yaml", b"\xff\xfe\x00"), ("a.yaml", b""), ("a.json", b"[]"), ("a.yaml", b"- {form: magnet}\n- {form: metal}\n"),
     ("a.yaml", b"just text"), ("a.json", b"[" * 100_000), ("a.yaml", b"x: " + b"y" * 1_100_000)],
)  # fmt: skip
def test_a_file_that_is_no_transaction_is_refused_beside_its_field(web, name, data, lang):
    response = web.post(f"/papers/file?lang={lang}", files={"file": (name, data)})
    assert response.status_code == 422
    control = next(c for c in sound(response, lang).controls if c.get("name") == "file")
    assert control["aria-invalid"] == "true"


def test_wrong_facts_of_a_file_are_told(web):
    response = web.post(
        "/papers/file?lang=en", files={"file": ("a.yaml", b"form: magnett\npapers: {order: {contract_nr: x, order_no: PO-1}}\n")}
    )
    page = sound(response, "en")
    assert response.status_code == 422 and "magnett" in page.words and sent(page)["papers.order.order_no"] == "PO-1"


@pytest.mark.parametrize("path", ["/papers", "/papers/get", "/papers/file"])
def test_a_form_of_another_page_does_not_act(web, path):
    for headers in ({"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}):
        assert web.post(path, data={"facts": "{}"}, headers=headers).status_code == 403


@pytest.mark.parametrize("facts", ["{", "[]", "[" * 100_000, '{"form": {"a": {"b": []}}}', '{"parties": 5}', '{"parties": [[1]]}'])
def test_damaged_fields_are_a_page(web, facts):
    response = web.post("/papers?lang=en", data={"facts": facts, "papers.order.order_no": "PO-1"})
    assert response.status_code in (200, 400, 422)
    sound(response, "en")


def test_hostile_text_is_only_text(web):
    hostile = "\"><script>alert(1)</script><img src=x>'{{7*7}}"
    fields = {
        "facts": json.dumps({"form": "magnet", "name": hostile, "exported_from": "CN", "destination": "JP", "act": "export"}),
        "party.0.name": hostile,
        "party.0.role": hostile,
        "papers.order.contract_no": hostile,
        "papers.seen.0.file": hostile,
        "papers.order.freight": hostile,
    }
    response = web.post("/papers?lang=en", data=fields)
    assert "<script>alert" not in response.text and "<img" not in response.text
    sound(response, "en")

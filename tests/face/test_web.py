"""Pages: structure, language, escaping, what was typed, no request to anywhere else, and the same answers as everywhere."""

from __future__ import annotations

import csv
import json
import re
import time
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
import yaml

import kido
from kido.face import view
from kido.face.web.given import as_fields

pytest.importorskip("fastapi")
from fastapi.testclient import TestClient

from kido.face.http.app import create_app
from kido.face.web.sheet import HERE

ROOT = Path(__file__).resolve().parents[2]
MAGNET = "act=export&exported_from=CN&destination=JP&form=magnet&magnet_family=NdFeB&origin=CN&on=2026-11-23"
PAGES = [
    "/", "/check", f"/check?{MAGNET}", f"/check?{MAGNET}&composition=Nd+26.5%2C+Dy+3.2&party.0.role=end_user&party.0.name=TDK",
    f"/check?{MAGNET}&skip=element&input.0.name=x&input.0.element=Tb", f"/explain/cn-mofcom-gacc-2025-18/1?{MAGNET}", "/register", "/register?element=Dy&form=magnet",
    "/register?hs=8505&on=2025-11-08", "/act/cn-mofcom-gacc-2025-57", "/act/cn-mofcom-gacc-2025-18/1?on=2025-04-03", "/act/cn-ree-export-quota-2005-2014",
    "/act/jp-etco-2025-11-amendment", "/timeline", "/timeline?element=Dy&by=element", "/timeline?kind=stockpile&since=2024-01-01", "/parties",
    "/parties?names=TDK%0A%E4%B8%89%E8%8F%B1%E9%80%A0%E8%88%B9&on=2026-08-24", "/changes", "/changes?first=2025-10-01&last=2025-12-01", "/data", "/tables", "/search",
    "/search?q=Dy", "/search?q=TDK", "/search?q=%E7%A3%81%E7%9F%B3", "/search?q=8505.11", "/search?q=1C905", "/search?q=qqqqq",
]  # fmt: skip
WRONG = {
    "/nope": 404, "/act/nope": 404, "/tables/abc": 404, "/check?form=zz&element=yy&on=foo": 422, "/register?element=zz&hs=x": 422,
    "/changes?first=x": 422, "/timeline?since=2027-01-01&until=2026-01-01": 422, "/parties?names=a&country=zz": 422, "/check?grian=1": 422,
    "/act/cn-mofcom-gacc-2025-18?on=foo": 422, "/act/cn-mofcom-gacc-2025-18/99": 404, "/explain/nope": 404,
}  # fmt: skip
NEVER = re.compile(r"\b(?:clear(?:ed)?|ok|okay|compliant)\b|問題ありません|問題なし|安全です|適法です|合规です", re.IGNORECASE)


class Read(HTMLParser):
    """What a page is made of."""

    VOID = ("meta", "link", "input", "br")

    def __init__(self, text: str):
        super().__init__()
        self.open, self.tags, self.text, self.ids, self.labels, self.controls, self.lists = [], [], [], [], set(), [], set()
        self.references = set()
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        self.tags.append((tag, found))
        assert len(found) == len(attrs), f"an attribute stands twice: {tag} {attrs}"
        if "id" in found:
            self.ids.append(found["id"])
        if tag == "label":
            self.labels.add(found["for"])
        if tag in ("input", "select", "textarea") and found.get("type") != "hidden":
            self.controls.append(found)
        self.references |= set((found.get("aria-describedby") or "").split()) | ({found["list"]} if "list" in found else set())
        self.references |= {found[name] for name in ("aria-labelledby", "form") if name in found}
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open and self.open.pop() == tag, (tag, self.open[-3:])

    def handle_data(self, data):
        if not self.open or self.open[-1] not in ("script", "style", "pre"):
            self.text.append(data)

    def all(self, tag: str) -> list[dict]:
        return [attrs for name, attrs in self.tags if name == tag]

    @property
    def words(self) -> str:
        return re.sub(r"\s+", " ", " ".join(self.text))


@pytest.fixture(scope="module")
def web(tmp_path_factory):
    return TestClient(create_app(tmp_path_factory.mktemp("jobs")), base_url="http://127.0.0.1:8512")


def asked(path: str, lang: str) -> str:
    return f"{path}{'&' if '?' in path else '?'}lang={lang}"


def sound(response, lang: str) -> Read:
    """One heading, the language said, every control with its label, nothing from elsewhere, no script in the page."""
    page = Read(response.text)
    assert len(page.all("h1")) == 1
    assert page.all("html")[0]["lang"] == lang == response.headers["content-language"]
    assert len(page.ids) == len(set(page.ids)), [id for id in page.ids if page.ids.count(id) > 1]
    assert page.references <= set(page.ids), page.references - set(page.ids)
    for control in page.controls:
        assert control["id"] in page.labels, control
    for tag, attrs in page.tags:
        assert "style" not in attrs and tag != "style"
        assert not [name for name in attrs if name.startswith("on")], (tag, attrs)
        for name in ("src", "action", "formaction", "data", "poster", "srcset"):
            assert urlsplit(attrs.get(name) or "").netloc == "", (tag, attrs)
        if tag == "link":
            assert attrs["href"].startswith(("/static/", "data:,"))
        if tag == "a" and urlsplit(attrs.get("href", "")).netloc:
            assert attrs["href"].startswith(("https://", "http://")) and "noreferrer" in attrs["rel"]
    assert [attrs for attrs in page.all("script") if not attrs.get("src")] == []
    policy = response.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy and "http" not in policy
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    return page


@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_sound(web, path, lang):
    response = web.get(asked(path, lang))
    assert response.status_code == 200
    page = sound(response, lang)
    assert not NEVER.search(page.words), NEVER.search(page.words)
    assert "{" not in page.words.replace("{ja", "")


@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize(("path", "status"), WRONG.items())
def test_what_is_wrong_is_a_page_in_the_language(web, path, status, lang):
    response = web.get(asked(path, lang))
    assert response.status_code == status
    sound(response, lang)


def test_errors_of_programs_stay_data(web):
    assert web.get("/api/nope").headers["content-type"] == "application/problem+json"
    assert web.get("/nope").headers["content-type"].startswith("text/html")
    assert web.post("/register").status_code == 405


def test_without_lang_the_browser_decides(web):
    assert 'lang="ja"' in web.get("/", headers={"accept-language": "ja,en;q=0.5"}).text
    assert 'lang="en"' in web.get("/", headers={"accept-language": "fr"}).text


@pytest.mark.parametrize("path", PAGES)
def test_the_switch_keeps_the_page_and_what_was_asked(web, path):
    page = Read(web.get(asked(path, "ja")).text)
    (switch,) = [attrs for attrs in page.all("a") if attrs.get("hreflang") == "en"]
    there = urlsplit(switch["href"])
    assert there.path == urlsplit(path).path
    assert dict(parse_qsl(there.query)) == dict(parse_qsl(urlsplit(path).query)) | {"lang": "en"}


# -- hostile and wrong input ----------------------------------------------------------------

HOSTILE = "\"><script>alert(1)</script><img src=x onerror=alert(1)>'{{7*7}}"


@pytest.mark.parametrize(
    "path",
    [
        f"/check?{MAGNET}&", "/check?form=", "/check?party.0.name=", f"/check?{MAGNET}&end_use_text=", "/search?", "/parties?", "/register?", "/timeline?", "/changes?", "/act/",
        f"/explain/cn-mofcom-gacc-2025-18/1?{MAGNET}&",
    ],
)  # fmt: skip
def test_hostile_names_are_only_text(web, path):
    names = (
        "name",
        "q",
        "names",
        "word",
        "element",
        "first",
        "on",
        "country",
        "skip",
        "maker_grade",
        "party.0.name",
        "input.0.name",
        HOSTILE,
    )
    pairs = "&".join(urlencode({name: HOSTILE}) for name in names)
    for lang in ("ja", "en"):
        url = path + (urlencode({"": HOSTILE})[1:] + "?" + pairs if path == "/act/" else urlencode({"x": HOSTILE})[2:] + "&" + pairs)
        response = web.get(asked(url, lang))
        assert response.status_code in (200, 404, 422)
        assert "<script>alert" not in response.text and "<img" not in response.text
        sound(response, lang)


def test_an_error_stands_beside_its_field_and_what_was_typed_is_kept(web):
    for lang, said in (("ja", "日付ではありません"), ("en", "is not a date")):
        text = web.get(
            asked("/check?form=zz&element=Qq&on=foo&name=ring&party.0.name=A&party.0.country=Zz&input.0.form=blob&via=HK", lang)
        ).text
        page = Read(text)
        by_name = {control.get("name"): control for control in page.controls}
        for name, value in (("element", "Qq"), ("on", "foo"), ("name", "ring"), ("party.0.country", "Zz"), ("via", "HK")):
            assert by_name[name]["value"] == value
        for name in ("form", "element", "on", "party.0.country", "input.0.form"):
            assert by_name[name]["aria-invalid"] == "true", name
            ids = [id for id in by_name[name]["aria-describedby"].split() if "error" in id]
            assert ids and set(ids) <= set(page.ids)
        assert {"value": "zz", "selected": None} in page.all("option") and said in page.words


def test_a_name_that_is_no_fact_is_shown_with_a_hint(web):
    page = Read(web.get(asked("/check?grian_size_um=5", "en")).text)
    assert "grian_size_um" in [control.get("name") for control in page.controls]
    assert "grain_size_um" in page.words


# -- answers --------------------------------------------------------------------------------

EXAMPLES = ["supplier-letter", "magnet-with-dysprosium", "steel-bolt", "holmium-metal", "japan-wafer", "japan-motor", "target-to-germany"]


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_page_gives_the_same_answer(web, name):
    facts = yaml.safe_load((ROOT / "examples" / f"{name}.yaml").read_text(encoding="utf-8"))
    on = str(facts.get("date", "2026-11-23"))
    found = kido.determine({key: value for key, value in facts.items() if key != "papers"}, on)
    url = "/check?" + urlencode([*as_fields(facts), ("on", on)])
    for lang in ("ja", "en"):
        shown = view.determination(found, lang)
        page = sound(web.get(asked(url, lang)), lang)
        assert shown["answer"]["label"] in page.words
        assert any(f"verdict a-{found.answer}" in (attrs.get("class") or "") for attrs in page.all("section"))
        for j in shown["answer"]["jurisdictions"]:
            assert j["words"] in page.words
        for text in (*shown["do"], *shown["by_when"]):
            assert re.sub(r"\s+", "", text) in re.sub(r"\s+", "", "".join(page.text)), text
        for entry in shown["missing"]:
            if entry["fact"] == "inputs":
                continue  # stated in rows of their own
            assert f"m-{entry['fact']}" in " ".join(page.ids)
            assert "facts" in [c.get("form") for c in page.controls if c.get("name") == entry["fact"]]
        for text in shown["proof"]["not_searched"]:
            assert re.sub(r"\s+", "", text) in re.sub(r"\s+", "", "".join(page.text))


def test_an_answer_given_beside_the_question_counts(web):
    """The button of a question sends its value after the empty field of the same name."""
    for query in (f"{MAGNET}&element=&element=Dy", f"{MAGNET}&element=Dy&element="):
        page = Read(web.get(asked(f"/check?{query}", "en")).text)
        assert next(control for control in page.controls if control.get("name") == "element")["value"] == "Dy"
    page = Read(web.get(asked(f"/check?{MAGNET}&composition=Nd+29%2C+Dy&dy_wt_pct=2.5", "en")).text)
    assert any("verdict a-licence_required" in (attrs.get("class") or "") for attrs in page.all("section"))


def test_the_order_of_an_answer(web):
    for lang, heads in (
        ("ja", ["いつまでに", "理由", "足りない事実", "次にすること", "根拠と調べた範囲"]),
        ("en", ["By when", "Why", "What is missing", "What to do", "Proof and scope"]),
    ):
        text = web.get(asked(f"/check?{MAGNET}", lang)).text
        places = [re.search(rf"<h2[^>]*>{head}</h2>", text).start() for head in heads]
        assert places == sorted(places) and text.index('class="verdict') < places[0]


def test_originals_say_that_they_are_chinese(web):
    for lang in ("ja", "en"):
        text = web.get(asked("/act/cn-mofcom-gacc-2025-57", lang)).text
        assert re.search(r'lang="zh">金属钬<', text) and re.search(r'<svg class="chart strip"', text)
        assert "2026-11-23" in text and "公告2025年第57号" in text
    assert '<span lang="zh">公告2025年第57号</span>' in web.get("/act/cn-mofcom-gacc-2025-57?lang=en").text


def test_a_negative_says_what_was_searched(web):
    page = Read(web.get(asked("/check?act=export&exported_from=CN&destination=JP&form=article&element=Fe&composition=Fe+100&composition_complete=true&origin=CN&on=2026-11-23", "en")).text)  # fmt: skip
    assert "not searched" in page.words and "Not legal advice" in page.words
    assert "No match, but" in (words := Read(web.get("/parties?names=Qqqzz+Holdings&lang=en").text).words) and "not searched" in words
    words = Read(web.get("/changes?first=2030-01-01&last=2030-01-02&lang=en").text).words
    assert "later changes are not known" in words and "was not searched" in words


# -- tables ---------------------------------------------------------------------------------


def finished(web, place: str) -> Read:
    for _ in range(240):
        response = web.get(place)
        if 'http-equiv="refresh"' not in response.text:
            return sound(response, "ja")
        sound(response, "ja")
        time.sleep(0.5)
    raise AssertionError("the table was not judged in two minutes")


def test_a_table_from_upload_to_removal(web):
    sample = web.get("/tables/sample.csv?lang=ja").content
    begun = web.post(
        "/tables?lang=ja",
        files={"file": ("部品表.csv", sample, "text/csv")},
        data={"output": ".csv", "on": "2026-11-23"},
        follow_redirects=False,
    )
    assert begun.status_code == 303 and begun.headers["location"].startswith("/tables/")
    page = finished(web, begun.headers["location"])
    assert "部品表.csv" in page.words and "6 行 = 判定 6 + 受け付けられない行 0" in page.words
    assert "使わなかった列" not in page.words
    link = next(attrs["href"] for attrs in page.all("a") if attrs.get("href", "").split("?")[0].endswith("answers.csv"))
    rows = list(csv.DictReader(web.get(link).content.decode("utf-8-sig").splitlines()))
    assert len(rows) == 6
    gone = web.post(begun.headers["location"].replace("?", "/remove?"), follow_redirects=False)
    assert gone.status_code == 303 and web.get(begun.headers["location"]).status_code == 404


def test_a_table_that_is_none_is_refused_beside_its_field(web):
    for files in ({"file": ("x.exe", b"MZ", "text/csv")}, {"file": ("empty.csv", b"", "text/csv")}, None):
        response = web.post("/tables?lang=ja", files=files, data={"on": "2026-11-23"})
        assert response.status_code == 422 or files is None
        page = sound(response, "ja")
        assert next(control for control in page.controls if control.get("name") == "file").get("aria-invalid") == "true"
    response = web.post("/tables?lang=en", files={"file": ("a.csv", b"a,b\n1,2\n", "text/csv")}, data={"on": "foo"})
    assert response.status_code == 422
    assert next(control for control in sound(response, "en").controls if control.get("name") == "on")["value"] == "foo"


def test_the_sample_is_read_whole_in_both_languages(web):
    for lang in ("ja", "en"):
        begun = web.post(f"/tables?lang={lang}", files={"file": ("", b"")}, data={"sample": "1"}, follow_redirects=False)
        assert begun.status_code == 303
        page = finished(web, begun.headers["location"].replace("lang=en", "lang=ja"))
        assert "使わなかった列" not in page.words and "判定 6 " in page.words
        assert "sample.csv" in Read(web.get("/tables?lang=ja").text).words


def test_a_form_of_another_page_does_not_act(web):
    for headers in ({"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}, {"origin": "null"}):
        response = web.post("/tables", data={"sample": "1"}, files={"none": b""}, headers=headers)
        assert response.status_code == 403
        sound(response, "en")


# -- words and files ------------------------------------------------------------------------


def test_every_word_of_a_template_exists_and_every_web_word_is_used():
    with (ROOT / "kido/face/words.csv").open(encoding="utf-8", newline="") as file:
        known = [row["id"] for row in csv.DictReader(file)]
    templates = "".join(path.read_text(encoding="utf-8") for path in (HERE / "templates").glob("*.html"))
    code = "".join(path.read_text(encoding="utf-8") for path in HERE.glob("*.py"))
    said = set(re.findall(r"""\bt\(\s*["']([\w.-]+)["']\s*[,)]""", templates))
    assert said <= set(known), said - set(known)
    stems = set(re.findall(r"""["']([\w.]+\.)["']\s*~""", templates)) | {
        text.split("{")[0] for text in re.findall(r'f"(web\.[\w.]*\{)', code)
    }
    unused = [
        id
        for id in known
        if id.startswith("web.") and f'"{id}"' not in templates + code and f"'{id}'" not in templates and not id.startswith(tuple(stems))
    ]
    assert unused == []


def test_templates_hold_no_words_of_their_own():
    for path in (HERE / "templates").glob("*.html"):
        text = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", " ", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        text = re.sub(r"<[^>]*>|#f{6}|url\(#p-\s*\)|aria-[\w-]+=\"[^\"]*\"", " ", text)
        assert not re.search(r"[ぁ-んァ-ヶ一-龠]", text), path.name
        assert re.findall(r"[A-Za-z]{3,}", text.replace("kido", "").replace("sha256", "")) == [], path.name


def test_style_and_script_ask_nothing_of_anyone(web):
    for path in (HERE / "static").glob("*.[cj]s*"):
        response = web.get(f"/static/{path.name}")
        assert response.status_code == 200 and len(response.content) < 30_000
        assert not re.search(r"https?://|@import|url\(|XMLHttp|WebSocket|sendBeacon", response.text)
        asked = {
            "check.js": ['`${form.getAttribute("action")}?${stated'],
            "job.js": ['location.href, { headers: { Accept: "tex'],
        }  # this server's own
        assert re.findall(r"fetch\((.{40})", response.text) == asked.get(path.name, [])


def test_the_api_does_not_describe_pages(web):
    described = json.loads(web.get("/api/openapi.json").content)["paths"]
    assert [path for path in described if not path.startswith("/api")] == []

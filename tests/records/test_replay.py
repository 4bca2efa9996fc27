"""An answer recorded before a register update comes out again byte for byte; what today's register says stands beside it."""

from __future__ import annotations

import csv
import hashlib
import io
import os
import shutil
import threading
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from kido import desk
from kido.errors import KidoError
from kido.face import records_view
from kido.face.exact_json import exact
from kido.records.book import New
from kido.register import bundle, keys, store
from kido.register.cases import read_cases
from kido.register.packaged import packaged
from kido.register.yaml_file import marked
from kido.terms.ground import ground
from tests.records.given import FACTS, kept, refused, with_removal

ROOT = Path(__file__).resolve().parents[2]
ACT = "law/cn/2025/mofcom-gacc-18.yaml"
SHOW = records_view.bytes_of


@pytest.fixture(autouse=True)
def own_cache(tmp_path_factory, monkeypatch):
    """Compiled registers are shared by these tests; what they lay or damage is not."""
    monkeypatch.setenv("KIDO_CACHE", str(tmp_path_factory.getbasetemp() / "replay-cache"))


@pytest.fixture
def another(tmp_path, monkeypatch):
    """Answer with a changed copy of the law from now on; one of few lists, for an index of sixty thousand names takes long to make."""

    def use(changes: dict[str, tuple[str, str]], name: str = "changed", few_lists: bool = True) -> Path:
        root = tmp_path / name
        for folder in ("law", "cases", "examples"):
            shutil.copytree(ROOT / folder, root / folder)
        if few_lists:
            shutil.rmtree(root / "law/us/lists")
            lists = (root / "law/lists.csv").read_text(encoding="utf-8").splitlines(keepends=True)
            (root / "law/lists.csv").write_text("".join(line for line in lists if not line.endswith(",US\n")), encoding="utf-8")
        for path, (old, new) in changes.items():
            text = (root / path).read_text(encoding="utf-8")
            assert old in text
            (root / path).write_text(text.replace(old, new), encoding="utf-8")
        monkeypatch.setenv("KIDO_GROUND", str(root))
        store.forget()
        return root

    yield use
    monkeypatch.delenv("KIDO_GROUND", raising=False)
    store.forget()


LATER = {ACT: ("effective: 2025-04-04", "effective: 2027-01-01")}


def test_three_hundred_cases_before_an_update_and_after(small, another):
    """Facts as they stand in the files, in both languages; every ninth case of the house."""
    cases = read_cases(ground("cases"), store.register().instruments)[::9]
    assert len(cases) > 290
    news = []
    for number, case in enumerate(cases):
        lang = ("ja", "en")[number % 2]
        found = desk.determine(case.facts, case.on, case.known_on)
        news.append(desk.determined(found, case.facts, SHOW("determination", found, lang), lang, "sato"))
    ids = [entry.id for entry in desk.keep(news)]
    old = store.register().version
    another(LATER)
    assert store.register().version != old
    replays = [desk.replay(id, SHOW) for id in ids]
    assert [one.record.id for one in replays if not one.same] == []
    assert all(one.register == old and one.now == store.register().version for one in replays)
    other = [one for one in replays if not one.same_today]
    assert 5 < len(other) < len(replays), "only what the change bears on differs today"
    assert len(small.find(("register",))) == 1, "the register is kept once"


def test_what_today_s_register_says_stands_beside_with_every_difference(small, another):
    id = kept(lang="en").id
    same = records_view.replayed(desk.replay(id, SHOW), "en")
    assert same["same"] and same["today"]["same"] and same["today"]["differences"] == [] and "byte for byte" in same["words"]
    another(LATER)
    for lang in ("ja", "en"):
        shown = records_view.replayed(desk.replay(id, SHOW), lang)
        assert shown["same"] and not shown["today"]["same"] and shown["notes"] == []
        differences = {one["path"]: (one["then"], one["now"]) for one in shown["today"]["differences"]}
        assert differences["why[0].gates[0].answer"] == ("licence_required", "facts_missing")
        assert shown["recorded"]["answer"] == shown["today"]["answer"] == "licence_required", "Japan asks for one in any case"
        assert shown["register"] != shown["today"]["register"] and shown["today"]["register"] in shown["today"]["words"]


def test_the_name_of_the_register_alone_is_no_other_answer(small, another):
    """Each update changes the name of the register; who looks for what changed must not be called each time."""
    id = kept({"act": "export", "from": "ID", "to": "JP", "form": "metal", "element": "Fe"}).id
    another(LATER)
    found = desk.replay(id, SHOW)
    assert found.same and found.same_today and found.recorded != found.today


def test_facts_from_json_with_every_figure_as_it_was_written(small):
    text = '{"act": "export", "from": "CN", "to": "JP", "form": "magnet", "magnet_family": "NdFeB", "composition": {"Dy": 2.50, "Fe": 60, "Nd": "29.0"}, "density_g_cm3": 7.60}'
    facts = exact(text, "t.json")
    for stated in (facts, marked(facts, "")):
        found = desk.determine(stated, "2026-11-23")
        entry = desk.keep([desk.determined(found, stated, SHOW("determination", found, "ja"), "ja", "sato")])[0]
        assert b'"Dy":"2.50"' in small.content(entry, "facts") and desk.replay(entry.id, SHOW).same


@pytest.fixture
def pulled(tmp_path, monkeypatch):
    """A firm's own data folder, and a signed bundle of a changed register."""
    monkeypatch.setenv("KIDO_DATA", str(tmp_path / "data"))
    store.forget()
    keys.make_key(tmp_path / "key")
    keys.trust("office", tmp_path / "key.pub")
    root = tmp_path / "newer"
    for folder in ("law", "cases"):
        shutil.copytree(ROOT / folder, root / folder)
    act = root / ACT
    act.write_text(act.read_text(encoding="utf-8").replace(*LATER[ACT]), encoding="utf-8")
    yield bundle.make(tmp_path / "key", tmp_path / "out", root / "law", root / "cases")
    monkeypatch.undo()
    store.forget()


def test_before_and_after_a_version_that_was_pulled(small, pulled):
    first = kept().id
    desk.pull(pulled.path)
    desk.use(pulled.version)
    assert store.register().version == pulled.version
    second = kept().id
    assert first != second
    before, after = desk.replay(first, SHOW), desk.replay(second, SHOW)
    assert (before.same, before.same_today, after.same, after.same_today) == (True, False, True, True)
    assert after.register == pulled.version and before.register != pulled.version
    desk.use("shipped")
    desk.remove_version(pulled.version)
    again = desk.replay(second, SHOW)
    assert (again.same, again.same_today) == (True, False), "the register is kept with the records, not only beside the program"


def test_an_answer_given_inside_another_version_is_kept_with_that_one(small, pulled):
    desk.pull(pulled.path)
    with desk.at(pulled.version):
        found = desk.determine(FACTS, "2026-11-23")
        new = desk.determined(found, FACTS, SHOW("determination", found, "ja"), "ja", "sato")
    entry = desk.keep([new])[0]  # as a server does, later and in another thread
    assert [one.outcome for one in small.find(("register",))] == [pulled.version]
    assert desk.replay(entry.id, SHOW).same


# -- screenings and papers ---------------------------------------------------------------------


def without(root: Path, party: str) -> None:
    """Take a party off the watch list, and say so in its manifest as an editor would."""
    rows, manifest = root / "law/cn/lists/cn-watch-list.csv", root / "law/cn/lists/cn-watch-list.yaml"
    head, *lines = list(csv.reader(io.StringIO(rows.read_text(encoding="utf-8"))))
    left = [line for line in lines if line[1] != party]
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([head, *left])
    rows.write_text(out.getvalue(), encoding="utf-8")
    text, old = manifest.read_text(encoding="utf-8"), hashlib.sha256((ROOT / rows.relative_to(root)).read_bytes()).hexdigest()
    text = text.replace(old, hashlib.sha256(rows.read_bytes()).hexdigest()).replace(f"records: {len(lines)}", f"records: {len(left)}")
    manifest.write_text(text.replace("parties: 40", "parties: 39"), encoding="utf-8")


def screened(name: str = "ＴＤＫ㈱", country: str = "", on: str = "2026-08-24", lang: str = "ja") -> str:
    found = desk.screen(name, on, country)
    shown = SHOW("screening", found, lang)
    return desk.keep([desk.screened(name, country, date.fromisoformat(on), found.answer, shown, lang, "sato")])[0].id


def test_a_screening_before_its_list_changed(small, another):
    another({}, "before")
    ids = [screened(), screened("三菱造船株式会社", "JP", lang="en"), screened("見本モーター株式会社"), screened("tdk", on="2026-11-23")]
    root = another({})
    without(root, "cn-tdk")
    store.forget()
    found = [desk.replay(id, SHOW) for id in ids]
    assert [one.same for one in found] == [True] * 4
    shown = records_view.replayed(found[0], "ja")
    assert shown["recorded"]["answer"] == "listed" and shown["today"]["answer"] != "listed" and shown["today"]["differences"]


def test_a_screening_before_a_name_beside_the_lists_went(small, another):
    """`also_known.csv` decides hits as well: with another one it is another register."""
    name = next(csv.DictReader((ROOT / "law/also_known.csv").open(encoding="utf-8")))["name"]
    another({}, "before")
    id, before = screened(name), store.register().version
    root = another({})
    (root / "law/also_known.csv").write_text("party,name,lang,script,kind,until,source\n", encoding="utf-8")
    store.forget()
    found = desk.replay(id, SHOW)
    assert store.register().version != before and (found.same, found.same_today) == (True, False)


def test_a_list_that_was_damaged_since_does_not_change_the_old_answer(small, another):
    """The version does not tell of rows that no longer fit their manifest; the kept register does."""
    root = another({})
    id = screened()
    with (root / "law/cn/lists/cn-watch-list.csv").open("a", encoding="utf-8") as rows:
        rows.write("broken")
    store.forget()
    found = desk.replay(id, SHOW)
    assert found.same and not found.same_today and found.register == found.now


def test_papers_before_an_update(small, another):
    another({}, "before")
    facts = marked(desk_example(), "")
    pack = desk.papers(facts, "2026-11-24", None, "2026-11-25", ["reply", "cn-2-end-user-certificate"], ["ja"])
    shown, files = SHOW("papers", pack, "ja"), {"reply.pdf": b"%PDF", "reply.docx": b"PK"}
    entry = desk.keep(
        [
            desk.papered(
                facts, pack.case.determination, pack.case.made, ["reply", "cn-2-end-user-certificate"], ["ja"], shown, files, "ja", "sato"
            )
        ]
    )[0]
    another({ACT: ("effective: 2025-04-04", "effective: 2027-01-01")})
    found = desk.replay(entry.id, SHOW)
    assert found.same and not found.same_today
    assert {name: small.content(entry, f"file:{name}") for name in files} == files


def desk_example() -> dict:
    from kido.register.yaml_file import read_yaml

    return read_yaml(ROOT / "examples/import-pack.yaml", "import-pack.yaml").plain()


# -- what cannot be repeated ---------------------------------------------------------------------


def test_a_fact_that_has_gone_from_the_words_is_told_for_today_only(small, another):
    line = "old_fact,bool,,movement,,古い事実,an old fact,古いですか,Is it old?,contract\n"
    another({"law/terms/facts.csv": ("act,choice,", line + "act,choice,")}, "older")
    id = kept(FACTS | {"old_fact": "true"}).id
    another({}, "now")
    found = desk.replay(id, SHOW)
    assert found.same and not found.same_today
    for lang in ("ja", "en"):
        shown = records_view.replayed(found, lang)
        assert [one["code"] for one in shown["today"]["problems"]] == ["unknown-fact"] and shown["today"]["answer"] is None


def test_a_record_of_a_newer_kido(small):
    facts = FACTS | {"a_fact_of_tomorrow": "true"}
    body = kept().body
    newer = New("determination", "sato", {**body, "program": "9.9.9"}, {"facts": str(facts).replace("'", '"').encode(), "answer": b"{}"})
    id = small.add([newer])[0].id
    error = refused("replay-other-program", desk.replay, id, SHOW)
    assert [one.code for one in error.problems] == ["replay-other-program", "unknown-fact"]
    assert "9.9.9" in error.problems[0].wrong("ja") and store.own_version() in error.problems[0].wrong("en")


def test_an_older_program_that_said_it_otherwise_is_named(small):
    body, entry = kept().body, kept()
    older = New(
        "determination", "sato", {**body, "program": "0.0.9"}, {"facts": small.content(entry, "facts"), "answer": b'{"answer": "no_match"}'}
    )
    shown = records_view.replayed(desk.replay(small.add([older])[0].id, SHOW), "en")
    assert not shown["same"] and "0.0.9" in shown["notes"][0]


def test_a_removed_record(small):
    entry = kept()
    with_removal(small, entry.seq)
    refused("record-removed", desk.replay, entry.id, SHOW)
    refused("no-such-record", desk.replay, "R1", SHOW)  # the entry of the register is no record
    refused("no-such-record", desk.replay, "R99", SHOW)


def spoil(book, name: str, data: bytes = b"x") -> None:
    """Change what is stored of a part."""
    with book.engine.begin() as connection:
        connection.execute(
            sa.text("UPDATE content SET data = :data WHERE sha IN (SELECT sha FROM part WHERE name = :name)"), {"data": data, "name": name}
        )


def test_a_register_that_was_damaged_in_the_database(small, another):
    id = kept().id
    another(LATER)
    assert desk.replay(id, SHOW).same
    spoil(small, "law")
    shutil.rmtree(Path(os.environ["KIDO_CACHE"]) / "answered-with")
    refused("record-damaged", desk.replay, id, SHOW)
    spoil(small, "body")
    refused("record-damaged", desk.replay, id, SHOW)


def test_an_entry_of_a_register_that_was_changed(small, another):
    id = kept().id
    with small.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE entry SET who = 'mallory' WHERE kind = 'register'")
    refused("record-damaged", desk.replay, id, SHOW)


@pytest.mark.parametrize("what", ["no zip", "cut off", "another register", "a name outside", "not of that version"])
def test_a_register_that_was_kept_wrongly(small, another, what):
    id = kept().id
    law, version = packaged(), store.register().version
    with small.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE entry SET outcome = 'gone' WHERE kind = 'register'")
        connection.exec_driver_sql("DELETE FROM part WHERE seq = 1")
    data = {
        "no zip": b"no zip", "cut off": law[: len(law) // 2], "another register": bundle.pack({"law/cn/watch.yaml": b"x"}),
        "a name outside": bundle.pack({"law/../../evil.yaml": b"x", "/etc/evil.yaml": b"x"}), "not of that version": bundle.pack({"cases/x.yaml": b"x"}),
    }[what]  # fmt: skip
    small.add([New("register", "sato", {"subject": version}, {"law": data}, outcome=version)])
    another(LATER)
    shutil.rmtree(Path(os.environ["KIDO_CACHE"]) / "answered-with", ignore_errors=True)
    refused("register-kept-damaged", desk.replay, id, SHOW)
    assert not list(Path(os.environ["KIDO_CACHE"]).rglob("evil*"))


def test_a_copy_of_a_kept_register_that_was_changed_is_laid_again(small, another):
    another({}, "before")
    entry = kept()
    id = screened()
    another(LATER)
    assert desk.replay(entry.id, SHOW).same
    laid = Path(os.environ["KIDO_CACHE"]) / "answered-with" / entry.body["register"]
    with (laid / "law/cn/lists/cn-watch-list.csv").open("a", encoding="utf-8") as rows:
        rows.write("broken")
    (laid / ACT).write_text("broken", encoding="utf-8")
    (laid / "law/cn/2025/added.yaml").write_text("id: x", encoding="utf-8")
    store.forget()
    assert desk.replay(entry.id, SHOW).same and desk.replay(id, SHOW).same
    assert (laid / ACT).read_text(encoding="utf-8") != "broken" and not (laid / "law/cn/2025/added.yaml").exists()


def test_several_threads_repeat_at_once(small, another):
    another({}, "before")
    ids = [kept().id, screened()]
    another(LATER)
    shutil.rmtree(Path(os.environ["KIDO_CACHE"]) / "answered-with", ignore_errors=True)
    found: list[bool] = []
    threads = [threading.Thread(target=lambda id=id: found.append(desk.replay(id, SHOW).same)) for id in ids * 4]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert found == [True] * 8


def test_a_law_that_changed_on_the_disk_since_it_was_read_is_not_kept_as_the_one_that_answered(small, another):
    root = another({})
    found = desk.determine(FACTS, "2026-11-23")
    new = desk.determined(found, FACTS, SHOW("determination", found, "ja"), "ja", "sato")
    act = root / ACT
    act.write_text(act.read_text(encoding="utf-8").replace(*LATER[ACT]), encoding="utf-8")
    refused("register-changed", desk.keep, [new])
    assert small.counted() == 0, "nothing was recorded"
    store.forget()
    kept()
    with closing(small), pytest.raises(KidoError):
        desk.record("R1")

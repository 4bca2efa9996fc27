"""The party lists: as many as the official figures say, the right standing on each day, and nothing broken is searched."""

import csv
import hashlib
import re
import shutil
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kido.decide.parties import ROLES
from kido.errors import KidoError
from kido.register.load import load
from kido.register.store import content_hash, register, terms
from kido.screen import lists as lists_module
from kido.screen.check import check_lists
from kido.screen.lists import STANDINGS, Listed, key_of, listed, lists, read_list
from kido.screen.rows import COLUMNS, WORDS, read_own, read_rows
from kido.terms.ground import ground

LISTS = {one.id: one for one in lists()}
day = date.fromisoformat

# Names and entries of the copies from which the lists were made, counted there on 2026-11-23.
COPIES = {
    "cn-control-list": (363, 153), "cn-watch-list": (121, 40), "cn-unreliable-entity-list": (153, 72), "jp-foreign-end-user-list": (2722, 835),
    "us-entity-list": (8685, 3420), "us-meu": (73, 70), "us-unverified": (222, 222), "us-sdn": (43731, 19181), "us-denied-persons": (1596, 1596),
    "us-itar-debarred": (930, 787), "us-ssi": (1178, 286), "us-isn": (296, 161), "us-plc": (169, 78), "us-cmic": (205, 68), "us-ns-mbs": (129, 51),
    "us-capta": (3, 1),
}  # fmt: skip


def by_notice(id: str) -> Counter[str]:
    return Counter(entry.by for entry in LISTS[id])


def of(id: str, notice: str) -> list[Listed]:
    return [entry for entry in LISTS[id] if entry.by.endswith(notice)]


def standings(entries: list[Listed], on: str) -> set[str]:
    return {entry.standing(day(on)) for entry in entries}


# -- what is held --------------------------------------------------------------------------


def test_every_list_is_there_and_whole():
    assert {id: (one.records, one.parties) for id, one in LISTS.items()} == COPIES
    for one in LISTS.values():
        assert one.searched and one.problem is None and len(one) == one.parties
        assert sum(name.kind != "also_known" for entry in one for name in entry.names) == one.records


def test_nothing_is_wrong_with_the_lists():
    assert check_lists(ground("law"), register(), terms(), ROLES) == []


def test_control_list_has_the_parties_of_each_notice():
    """MOFCOM: 28+15+16+12+8+3+20+7+10+20+14 = 153."""
    assert by_notice("cn-control-list") == {
        "MOFCOM Announcement 2025 No. 1": 28, "MOFCOM Announcement 2025 No. 13": 15, "MOFCOM Announcement 2025 No. 21": 16,
        "MOFCOM Announcement 2025 No. 22": 12, "MOFCOM Announcement 2025 No. 35": 8, "MOFCOM Announcement 2025 No. 51": 3,
        "MOFCOM Announcement 2026 No. 11": 20, "MOFCOM Announcement 2026 No. 20": 7, "MOFCOM Announcement 2026 No. 23": 10,
        "MOFCOM Announcement 2026 No. 27": 20, "MOFCOM Announcement 2026 No. 30": 14,
    }  # fmt: skip


def test_the_other_chinese_lists_have_the_parties_of_each_notice():
    assert sorted(by_notice("cn-watch-list").values()) == [20, 20]
    by_day = Counter(entry.since.isoformat() for entry in LISTS["cn-unreliable-entity-list"])
    assert by_day == {
        "2023-02-16": 2, "2024-05-20": 3, "2025-01-02": 10, "2025-01-14": 7, "2025-01-15": 4, "2025-02-04": 2, "2025-03-04": 10,
        "2025-04-04": 11, "2025-04-09": 6, "2025-09-25": 3, "2025-10-09": 14,
    }  # fmt: skip


def test_the_act_of_a_notice_counts_the_same_parties():
    counted = {int(by.rpartition(" ")[2]): count for by, count in by_notice("cn-control-list").items() if " 2025 " in by}
    for number, count in counted.items():
        assert int(register().instruments[f"cn-mofcom-2025-{number}"].measures[0].figures[0].value) == count


def test_meti_list_has_835_entries_of_15_places_and_240_of_conventional_concern():
    """METI, press release of 2025-09-29: 15 countries and regions, 835 organisations."""
    found = list(LISTS["jp-foreign-end-user-list"])
    assert len(found) == 835 and {entry.entry for entry in found} == {str(number) for number in range(1, 836)}
    assert len({entry.country for entry in found}) == 15 and all(len(entry.country) == 1 for entry in found)
    assert sum("CW" in entry.concern for entry in found) == 240 and sum(entry.concern == ("CW",) for entry in found) == 54
    assert all(entry.concern for entry in found)


def test_every_entry_has_a_primary_name_first_a_notice_and_a_page():
    for entry in listed():
        assert entry.names[0].kind == "primary" and all(name.kind != "primary" for name in entry.names[1:])
        assert all(name.text and name.lang in WORDS["lang"] and name.script in WORDS["script"] for name in entry.names)
        assert entry.source.startswith("http"), entry
    without = Counter(entry.list for entry in listed() if not entry.by)
    assert without == {"us-denied-persons": 51, "us-isn": 2}  # the copy names no Federal Register page for them


def test_manifests_say_what_they_must():
    acts = register().instruments
    for one in LISTS.values():
        for words in (one.title, one.stale_why, one.means, one.not_in, one.licence, *one.doubts):
            assert words["ja"] and words["en"]
        assert set(one.acts) <= set(acts) and all(source.url.startswith("http") for source in one.sources)
        assert 0 < one.stale_after <= 365 and one.edition <= day("2026-11-23")
    assert {id for id, one in LISTS.items() if one.says} == {
        "cn-control-list", "cn-watch-list", "jp-foreign-end-user-list", "us-entity-list", "us-meu", "us-sdn", "us-denied-persons",
    }  # fmt: skip


def test_notices_are_acts_of_the_register():
    for id in ("cn-control-list", "cn-watch-list"):
        named = {act for act in LISTS[id].acts if "statement" not in act}
        assert named == {re.sub(r"\D+(\d{4})\D+(\d+)", r"cn-mofcom-\1-\2", by) for by in by_notice(id)}


def test_a_japanese_name_that_was_not_checked_says_so():
    names = {name.text: name for entry in LISTS["cn-watch-list"] for name in entry.names if name.lang == "ja"}
    assert "not in the notice" in names["株式会社SUBARU"].note and names["株式会社SUBARU"].source.startswith("http://j.people.com.cn/")
    assert all(name.note for name in names.values())


# -- the right day -------------------------------------------------------------------------


@pytest.mark.parametrize(("id", "notice", "on", "standing"), [
    ("cn-control-list", "2025 No. 13", "2025-03-03", "not_yet"), ("cn-control-list", "2025 No. 13", "2025-03-04", "listed"),
    ("cn-control-list", "2025 No. 13", "2025-11-09", "listed"), ("cn-control-list", "2025 No. 13", "2025-11-10", "suspended"),
    ("cn-control-list", "2025 No. 13", "2026-11-23", "suspended"), ("cn-control-list", "2025 No. 22", "2025-05-13", "listed"),
    ("cn-control-list", "2025 No. 22", "2025-08-11", "suspended"), ("cn-control-list", "2025 No. 22", "2025-08-12", "suspended"),
    ("cn-control-list", "2025 No. 22", "2026-11-23", "suspended"), ("cn-control-list", "2025 No. 21", "2025-05-13", "listed"),
    ("cn-control-list", "2025 No. 21", "2025-05-14", "suspended"), ("cn-control-list", "2025 No. 21", "2025-08-12", "suspended"),
    ("cn-control-list", "2025 No. 21", "2025-11-09", "suspended"), ("cn-control-list", "2025 No. 21", "2025-11-10", "suspended"),
    ("cn-control-list", "2025 No. 21", "2026-11-10", "suspended"), ("cn-control-list", "2025 No. 21", "2026-11-11", "unknown"),
    ("cn-unreliable-entity-list", "2025 No. 7", "2026-11-10", "suspended"), ("cn-unreliable-entity-list", "2025 No. 7", "2026-11-11", "unknown"),
    ("cn-unreliable-entity-list", "2025 No. 5", "2025-11-09", "listed"), ("cn-unreliable-entity-list", "2025 No. 5", "2025-11-10", "suspended"),
    ("cn-watch-list", "2026 No. 12", "2026-02-23", "not_yet"), ("cn-watch-list", "2026 No. 12", "2026-02-24", "listed"),
    ("cn-control-list", "2026 No. 30", "2026-07-23", "not_yet"), ("cn-control-list", "2026 No. 30", "2026-11-23", "listed"),
])  # fmt: skip
def test_standing_on_both_sides_of_each_day(id, notice, on, standing):
    assert standings(of(id, notice), on) == {standing}


def test_the_stop_of_no_22_follows_its_first_suspension_and_has_no_end():
    for entry in of("cn-control-list", "2025 No. 22"):
        assert entry.suspended == ((day("2025-05-14"), day("2025-08-11")), (day("2025-08-12"), None))


def test_no_21_was_suspended_three_times_without_a_gap():
    for entry in (*of("cn-control-list", "2025 No. 21"), *of("cn-unreliable-entity-list", "2025 No. 7")):
        (a, b), (c, d), (e, f) = entry.suspended
        assert ((b - a).days + 1, (d - c).days + 1) == (90, 90) and c - b == e - d == timedelta(1) and f == day("2026-11-10")


def test_no_other_listing_was_ever_suspended():
    stopped = {entry.by for entry in listed() if entry.suspended}
    assert stopped == {
        "MOFCOM Announcement 2025 No. 13", "MOFCOM Announcement 2025 No. 21", "MOFCOM Announcement 2025 No. 22",
        "UEL Working Mechanism Notice 2025 No. 5", "UEL Working Mechanism Notice 2025 No. 7", "UEL Working Mechanism Notice 2025 No. 8",
    }  # fmt: skip


def test_a_party_is_stopped_on_one_list_and_live_on_another():
    found = {entry.list: entry for entry in listed() if entry.party == "cn-aerovironment"}
    assert found["cn-control-list"].standing(day("2026-11-23")) == "suspended"
    assert found["cn-unreliable-entity-list"].standing(day("2026-11-23")) == "listed"
    assert found["cn-unreliable-entity-list"].since == day("2025-10-09")


@pytest.mark.parametrize(("id", "before", "first"), [
    ("jp-foreign-end-user-list", "2025-10-08", "2025-10-09"), ("us-entity-list", "2026-07-30", "2026-07-31"), ("us-sdn", "2026-07-30", "2026-07-31"),
])  # fmt: skip
def test_before_a_copy_without_dates_the_standing_is_unknown(id, before, first):
    assert standings(list(LISTS[id]), before) == {"unknown"} and standings(list(LISTS[id]), first) == {"listed"}


@pytest.mark.parametrize(("id", "last"), [
    ("cn-control-list", "2026-10-23"), ("us-entity-list", "2026-08-30"), ("us-sdn", "2026-08-07"), ("jp-foreign-end-user-list", "2026-10-09"),
])  # fmt: skip
def test_a_copy_becomes_stale(id, last):
    assert not LISTS[id].stale(day(last)) and LISTS[id].stale(day(last) + timedelta(1))


dates = st.dates(day("2024-01-01"), day("2027-12-31"))


@given(since=st.none() | dates, until=st.none() | dates, spans=st.lists(st.tuples(dates, st.none() | dates), max_size=3), on=dates)
def test_every_day_has_one_standing(since, until, spans, on):
    entry = Listed("a", "p", "1", (), (), "", "", (), since, until, tuple(spans), "", "", "", day("2026-01-01"))
    standing = entry.standing(on)
    assert standing in STANDINGS
    if standing == "listed":
        assert since is None or since <= on
        assert not any(start <= on for start, _ in spans if _ is None or _ >= start)


# -- broken rows ---------------------------------------------------------------------------

GOOD = {
    "entry": "1", "party": "cn-a", "name": "甲", "lang": "zh", "script": "Hans", "kind": "primary", "country": "JP", "type": "company",
    "from": "2026-02-24", "by": "No. 12", "source": "https://example.org/",
}  # fmt: skip
LATER = {"entry": "1", "party": "cn-a", "name": "A Co.", "lang": "en", "script": "Latn", "kind": "translation"}


def table(*rows: dict[str, str], columns=COLUMNS) -> str:
    import io

    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([row.get(column, "") for column in columns] for row in rows)
    return out.getvalue()


def problems(text: str) -> list[tuple[str, str, str]]:
    with pytest.raises(KidoError) as error:
        read_rows(text, "a.csv")
    for problem in error.value.problems:
        assert all(problem.wrong(lang) and problem.do(lang) and "–" not in problem.wrong(lang) for lang in ("ja", "en")), problem
    return [(problem.code, problem.place, problem.read) for problem in error.value.problems]


def test_a_good_table_is_read():
    found = read_rows(table(GOOD, LATER), "a.csv")
    assert (found.records, len(found.entries)) == (2, 1)


@pytest.mark.parametrize(("changes", "code", "place", "read"), [
    ({"name": ""}, "empty-name", "a.csv:2:name", ""), ({"name": "  "}, "empty-name", "a.csv:2:name", ""),
    ({"script": "Hanz"}, "unknown-value", "a.csv:2:script", "Hanz"), ({"lang": "jp"}, "unknown-value", "a.csv:2:lang", "jp"),
    ({"kind": "main"}, "unknown-value", "a.csv:2:kind", "main"), ({"type": "firm"}, "unknown-value", "a.csv:2:type", "firm"),
    ({"concern": "B|X"}, "unknown-value", "a.csv:2:concern", "X"), ({"script": ""}, "empty-cell", "a.csv:2:script", ""),
    ({"entry": ""}, "empty-cell", "a.csv:2:entry", ""), ({"from": "2026-02-30"}, "not-a-date", "a.csv:2:from", "2026-02-30"),
    ({"from": "24/02/2026"}, "not-a-date", "a.csv:2:from", "24/02/2026"), ({"until": "2026-02-23"}, "dates-in-wrong-order", "a.csv:2:until", "2026-02-24 > 2026-02-23"),
    ({"suspended_from": "2026-05-01", "suspended_until": "2026-04-30"}, "dates-in-wrong-order", "a.csv:2:suspended_until", "2026-05-01 > 2026-04-30"),
    ({"suspended_from": "2026-05-01|2026-05-10", "suspended_until": "2026-05-10|"}, "dates-in-wrong-order", "a.csv:2:suspended_until", "2026-05-10 > 2026-05-10"),
    ({"suspended_from": "2026-05-01|2026-07-01", "suspended_until": "|"}, "spans-differ", "a.csv:2:suspended_from", "2026-05-01|2026-07-01"),
    ({"suspended_until": "2026-05-01"}, "spans-differ", "a.csv:2:suspended_from", ""),
    ({"suspended_from": "2026-05-01|2026-07-01"}, "spans-differ", "a.csv:2:suspended_until", ""),
    ({"country": "Japan"}, "not-a-country-code", "a.csv:2:country", "Japan"), ({"country": "JP|中国"}, "not-a-country-code", "a.csv:2:country", "中国"),
    ({"name": "A\0B"}, "control-character", "a.csv:2:name", "A\\x00B"), ({"note": "\x07"}, "control-character", "a.csv:2:note", "\\x07"),
    ({"kind": "alias"}, "primary-first", "a.csv:2:kind", "alias"),
])  # fmt: skip
def test_a_broken_first_row_is_named_with_row_and_column(changes, code, place, read):
    assert problems(table(GOOD | changes)) == [(code, place, read)]


@pytest.mark.parametrize(("row", "code", "place", "read"), [
    (LATER | {"country": "CN"}, "party-differs", "a.csv:3:country", "CN"), (LATER | {"from": "2026-02-25"}, "party-differs", "a.csv:3:from", "2026-02-25"),
    (LATER | {"kind": "primary"}, "primary-first", "a.csv:3:kind", "primary"),
    (GOOD | {"kind": "alias"}, "row-twice", "a.csv:3:name", "甲"),
    (GOOD | {"entry": "2", "by": "No. 28", "country": "CN"}, "party-differs", "a.csv:3:country", "CN"),
])  # fmt: skip
def test_a_broken_later_row_is_named_with_row_and_column(row, code, place, read):
    assert problems(table(GOOD, row)) == [(code, place, read)]


def test_rows_of_a_party_stand_together():
    other = GOOD | {"entry": "2", "party": "cn-b", "name": "乙"}
    assert ("party-not-together", "a.csv:4:party", "cn-a") in problems(table(GOOD, other, GOOD | {"name": "丙"}))


def test_one_party_under_two_notices_is_two_entries():
    found = read_rows(table(GOOD, GOOD | {"entry": "7", "by": "No. 28", "from": "2026-06-29"}), "a.csv")
    assert [entry[6] for entry in found.entries] == ["2026-02-24", "2026-06-29"]


def test_every_broken_row_is_reported():
    found = problems(
        table(
            GOOD | {"name": ""},
            GOOD | {"entry": "2", "party": "cn-b", "from": "soon"},
            GOOD | {"entry": "3", "party": "cn-c", "script": "X"},
        )
    )
    assert [place for _, place, _ in found] == ["a.csv:2:name", "a.csv:3:from", "a.csv:4:script"]


@pytest.mark.parametrize(("text", "codes"), [
    ("", ["no-rows"]), ("\n\n", ["no-rows"]), (table(), ["no-rows"]),
    (table(GOOD, columns=COLUMNS[:-1]), ["missing-column"]), (table(GOOD, columns=(*COLUMNS, "nmae")), ["unknown-column"]),
    (table(GOOD, columns=(*COLUMNS, "note")), ["column-twice"]), (table(GOOD) + '1,"unclosed', ["csv-syntax"]),
    (table(GOOD) + "," * 20 + "x\n", ["row-too-long"]), (table(GOOD) + "2,cn-b\n", ["row-too-short"]),
])  # fmt: skip
def test_a_broken_table_is_refused(text, codes):
    assert [code for code, _, _ in problems(text)] == codes


def test_cells_like_formulas_are_text():
    for cell in ("=1+1", "+81", "-CJSC VAD", "@handle", "=cmd|'/c calc'!A1"):
        assert read_rows(table(GOOD | {"name": cell}), "a.csv").entries[0][-1][0][0] == cell
    assert any(name.text.startswith("-") for entry in LISTS["us-entity-list"] for name in entry.names)


@given(
    st.lists(
        st.text(st.characters(exclude_categories=("Cc", "Cs", "Zs", "Zl", "Zp")), min_size=1, max_size=8),
        min_size=1,
        max_size=5,
        unique=True,
    )
)
def test_names_come_back_as_they_were_written(names):
    rows = [GOOD | {"entry": str(number), "party": f"cn-{number}", "name": name} for number, name in enumerate(names)]
    assert [entry[-1][0][0] for entry in read_rows(table(*rows), "a.csv").entries] == names


# -- a user's own list ---------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp932"])
def test_an_own_list_is_read_in_any_of_its_encodings(tmp_path, encoding):
    path = tmp_path / "取引先.csv"
    path.write_bytes("name,country,note\nカワサキ商事株式会社,JP,=A1\n三菱造船株式会社,,\n".encode(encoding))
    found = read_list(path)
    assert [entry.names[0].text for entry in found] == ["カワサキ商事株式会社", "三菱造船株式会社"]
    assert (found.id, found.records, found.searched, found[0].country) == ("own:取引先", 2, True, ("JP",))
    assert found[0].standing(day("2026-11-23")) == "listed" and not found.stale(day("2026-11-23"))


def test_names_in_kanji_alone_are_read_as_cp932_and_other_encodings_are_not_taken_for_it():
    assert read_own("名称\n三菱造船\n日本無線\n".encode("cp932"), "a.csv").entries[1][-1][0][0] == "日本無線"
    for text, encoding in (
        ("name\n三菱造船\n东京计器株式会社\n", "gbk"),
        ("name\n한화에어로스페이스\n", "euc-kr"),
        ("name\nSociété Générale\n", "latin-1"),
    ):
        with pytest.raises(KidoError) as error:
            read_own(text.encode(encoding), "a.csv")
        assert error.value.problems[0].code == "not-utf-8", encoding


def test_text_with_tabs_as_excel_writes_it_is_read():
    assert read_own("name\tcountry\nA, Inc.\tUS\n".encode("utf-16"), "a.csv").entries[0][2] == ("US",)


def test_a_broken_own_list_is_refused_whole_with_every_row(tmp_path):
    path = tmp_path / "own.csv"
    path.write_text("name,country,from\nA,JP,2026-01-01\n,JP,\nB,Japan,\nC,,soon\n", encoding="utf-8")
    with pytest.raises(KidoError) as error:
        read_list(path)
    assert [(p.code, p.place) for p in error.value.problems] == [
        ("empty-name", "own.csv:3:name"), ("not-a-country-code", "own.csv:4:country"), ("not-a-date", "own.csv:5:from"),
    ]  # fmt: skip


@pytest.mark.parametrize(("data", "code"), [
    (b"", "no-rows"), (b"name\n", "no-rows"), (b"nmae\nA\n", "unknown-column"), (b"country\nJP\n", "missing-column"),
    (b"name\nA\0\n", "control-character"), ("name\nA株\n".encode()[:-2], "not-utf-8"), (b"PK\x03\x04\xff\xfe", "not-utf-8"),
])  # fmt: skip
def test_an_own_list_that_is_none_is_refused(data, code):
    with pytest.raises(KidoError) as error:
        read_own(data, "a.csv")
    assert code in [problem.code for problem in error.value.problems]


def test_a_list_that_is_not_there(tmp_path):
    for path, code in ((tmp_path / "none.csv", "no-such-file"), (tmp_path, "file-not-read")):
        with pytest.raises(KidoError) as error:
            read_list(path)
        assert error.value.problems[0].code == code


# -- a register with a list missing --------------------------------------------------------


@pytest.fixture(scope="module")
def kept(tmp_path_factory) -> Path:
    """The lists alone, without the large ones of the US: a law folder to spoil."""
    folder = tmp_path_factory.mktemp("kept") / "law"
    for one in LISTS.values():
        if one.records < 4000:
            place = folder / one.jurisdiction.lower() / "lists"
            place.mkdir(parents=True, exist_ok=True)
            for suffix in ("csv", "yaml"):
                shutil.copy(ground("law") / one.jurisdiction.lower() / "lists" / f"{one.id}.{suffix}", place)
    (folder / "lists.csv").write_text(
        "list,jurisdiction\n" + "".join(f"{path.stem},{path.parts[-3].upper()}\n" for path in sorted(folder.glob("*/lists/*.csv")))
    )
    return folder


SMALL = [id for id, (records, _) in COPIES.items() if records < 4000]


def spoiled(kept: Path, tmp_path: Path, monkeypatch) -> Path:
    monkeypatch.setenv("KIDO_CACHE", str(tmp_path / "cache"))
    folder = tmp_path / "law"
    shutil.copytree(kept, folder)
    return folder


@pytest.mark.parametrize("id", SMALL)
@pytest.mark.parametrize(
    "how", ["removed", "emptied", "header only", "one row less", "one byte changed", "manifest removed", "both removed", "manifest damaged"]
)
def test_each_list_spoiled_in_turn_is_not_searched(kept, tmp_path, monkeypatch, id, how):
    folder = spoiled(kept, tmp_path, monkeypatch)
    rows = folder / id[:2] / "lists" / f"{id}.csv"
    data = rows.read_bytes()
    match how:
        case "removed":
            rows.unlink()
        case "emptied":
            rows.write_bytes(b"")
        case "header only":
            rows.write_bytes(data.splitlines(keepends=True)[0])
        case "one row less":
            rows.write_bytes(b"".join(data.splitlines(keepends=True)[:-1]))
        case "one byte changed":
            rows.write_bytes(data[:-3] + bytes([data[-3] ^ 1]) + data[-2:])
        case "manifest removed":
            rows.with_suffix(".yaml").unlink()
        case "both removed":
            rows.unlink()
            rows.with_suffix(".yaml").unlink()
        case "manifest damaged":
            rows.with_suffix(".yaml").write_text("id: [")
    found = {one.id: one for one in lists(folder)}
    assert set(found) == set(SMALL) and [one for one in found if not found[one].searched] == [id]
    assert found[id].problem and len(found[id]) == 0 and not list(found[id])
    for problem in found[id].problems:
        assert problem.text("ja") and problem.text("en")
    assert key_of(found.values()) != key_of(lists(kept))
    assert {problem.code for problem in found[id].problems} <= {problem.code for problem in check_lists(folder, register(), terms(), ROLES)}


def manifest_of(folder: Path, id: str, *changes: tuple[str, str]) -> None:
    path = folder / id[:2] / "lists" / f"{id}.yaml"
    text = path.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize(("change", "code"), [
    (("records: 121", "records: 122"), "list-count"), (("parties: 40", "parties: 41"), "list-count"), (("id: cn-watch-list", "id: cn-watch"), "list-name"),
    (("jurisdiction: CN", "jurisdiction: JP"), "list-name"), (("csv: cn-watch-list.csv", "csv: ../../../x.csv"), "list-name"), (("edition: 2026-08-24", "edition: someday"), "not-a-date"),
    (("stale_after: 60", "stale_after: long"), "not-a-number"), (("confidence: medium", "confidence: sure"), "unknown-value"), (("means:", "meens:"), "unknown-key"),
])  # fmt: skip
def test_a_wrong_manifest_is_named(kept, tmp_path, monkeypatch, change, code):
    folder = spoiled(kept, tmp_path, monkeypatch)
    manifest_of(folder, "cn-watch-list", change)
    found = {one.id: one for one in lists(folder)}
    assert not found["cn-watch-list"].searched and code in [problem.code for problem in found["cn-watch-list"].problems]


@pytest.mark.parametrize(("change", "code"), [
    (("cn-mofcom-2026-12,", "cn-mofcom-2026-99,"), "unknown-reference"), (("fact: end_user_list,", "fact: end_user_lst,"), "unknown-fact"),
    (("value: watch", "value: wacth"), "not-one-of"), (("value: true", "value: yes"), "not-one-of"), (("roles: [end_user, buyer", "roles: [user, buyer"), "unknown-value"),
    (("edition: 2026-08-24", "edition: 2026-06-28"), "list-after-edition"),
])  # fmt: skip
def test_check_names_words_that_do_not_exist(kept, tmp_path, monkeypatch, change, code):
    folder = spoiled(kept, tmp_path, monkeypatch)
    manifest_of(folder, "cn-watch-list", change)
    assert [problem.code for problem in check_lists(folder, register(), terms(), ROLES)] == [code]


def test_check_says_the_right_checksum(kept, tmp_path, monkeypatch):
    folder = spoiled(kept, tmp_path, monkeypatch)
    rows = folder / "cn" / "lists" / "cn-watch-list.csv"
    rows.write_bytes(rows.read_bytes().replace(b"TDK Corporation", b"TDK Corp."))
    (problem,) = check_lists(folder, register(), terms(), ROLES)
    assert problem.code == "list-checksum" and hashlib.sha256(rows.read_bytes()).hexdigest() in problem.do("en")


def test_a_list_outside_the_index_is_named(kept, tmp_path, monkeypatch):
    folder = spoiled(kept, tmp_path, monkeypatch)
    (folder / "lists.csv").write_text((folder / "lists.csv").read_text().replace("cn-watch-list,CN\n", ""))
    assert {problem.code for problem in check_lists(folder, register(), terms(), ROLES)} == {"list-not-in-index"}
    (folder / "lists.csv").unlink()
    assert "list-missing" in {problem.code for problem in check_lists(folder, register(), terms(), ROLES)}
    assert {one.id for one in lists(folder)} == set(SMALL)


# -- beside the law ------------------------------------------------------------------------


def test_lists_are_in_the_version_and_are_no_acts(kept, tmp_path):
    before = content_hash(kept)
    folder = tmp_path / "law"
    shutil.copytree(kept, folder)
    assert content_hash(folder) == before
    manifest_of(folder, "us-meu", ("records: 73", "records: 74"))
    changed = content_hash(folder)
    (folder / "lists.csv").write_text("list,jurisdiction\n")
    assert len({before, changed, content_hash(folder)}) == 3
    assert not load(folder, terms()).instruments


def test_lists_are_kept_compiled_and_a_damaged_copy_is_made_anew(kept, tmp_path, monkeypatch):
    folder = spoiled(kept, tmp_path, monkeypatch)
    first = lists(folder)
    files = list((tmp_path / "cache").glob("list-*.pickle"))
    assert len(files) == len(SMALL)
    for file in files:
        file.write_bytes(file.read_bytes()[:-1] + b"x")
    lists_module._lists.cache_clear()
    assert lists(folder) == first


def test_a_list_lost_while_the_program_runs_is_noticed(kept, tmp_path, monkeypatch):
    folder = spoiled(kept, tmp_path, monkeypatch)
    assert all(one.searched for one in lists(folder))
    (folder / "cn" / "lists" / "cn-watch-list.csv").unlink()
    assert [one.id for one in lists(folder) if not one.searched] == ["cn-watch-list"]

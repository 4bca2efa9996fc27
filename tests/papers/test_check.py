"""What the check finds: each kind of point on both sides of its limit, and silence where all agrees."""

import pytest

import kido
from kido.errors import KidoError
from kido.papers.consistency import check_papers
from kido.papers.end_use_words import is_vague
from kido.papers.order import order_fields
from kido.papers.pack import pack
from kido.register.yaml_file import marked, read_yaml
from kido.terms.ground import ground
from tests.papers.paper_text import case_of

SAMPLE = read_yaml(ground("examples") / "import-pack.yaml", "import-pack.yaml").plain()


def codes(**papers: object) -> list[str]:
    """The points of the sample order with sections replaced key by key."""
    changed = dict(SAMPLE["papers"])
    for section, values in papers.items():
        changed[section] = changed.get(section, {}) | values if isinstance(values, dict) else values
    case = case_of(marked(SAMPLE | {"papers": changed}, ""), "2026-11-24")
    return [point.code for point in check_papers(case, ()).points]


def seen(**values: str) -> list[dict[str, str]]:
    return [{"paper": "invoice", "file": "invoice.pdf", **values}]


def test_the_sample_agrees():
    assert codes() == []


@pytest.mark.parametrize("name", ["target-papers", "japan-motor", "japan-wafer", "import-pack"])
def test_papers_of_one_order_do_not_differ_from_each_other(name):
    """The same key in two papers is the same fact: sources of two acts, or a country and a route, are not."""
    made = kido.papers(read_yaml(ground("examples") / f"{name}.yaml", name), on="2026-11-24")
    assert len(made.papers) > 4
    assert [point.text["en"] for point in made.checked.points if point.code == "papers-differ"] == []


@pytest.mark.parametrize(
    ("what", "other", "code"),
    [
        ("contract_no", "C-2026-119", "paper-differs"), ("order_no", "PO-4712", "paper-differs"), ("order_no", "PO 4711", "written-differently"),
        ("exporter", "Other Magnetics Ltd.", "paper-differs"), ("buyer", "見本商事 株式会社", "written-differently"), ("buyer", "見本商会株式会社", "paper-differs"),
        ("buyer_address", "東京都港区見本1-2-4", "paper-differs"), ("end_user", "見本モータ株式会社", "paper-differs"), ("end_user_address", "長野県上田市見本4-5", "paper-differs"),
        ("quantity", "2001", "paper-differs"), ("unit", "kg", "paper-differs"), ("net_kg", "36.4", "paper-differs"), ("amount", "1850001", "paper-differs"),
        ("currency", "USD", "paper-differs"), ("freight", "by air", "paper-differs"), ("freight", "to be agreed", "paper-differs"), ("shipments", "2", "paper-differs"),
        ("shipment_date", "2027-04-16", "paper-differs"), ("model", "N42SH-R39", "paper-differs"), ("drawing", "D-1042 rev. C", "paper-differs"),
    ],
)  # fmt: skip
def test_each_field_that_differs_is_found(what, other, code):
    assert codes(seen=seen(**{what: other})) == [code]


@pytest.mark.parametrize(
    ("what", "same"),
    [("quantity", "2,000"), ("quantity", "2000.0"), ("amount", "1,850,000"), ("buyer", "Mihon Trading Co., Ltd."), ("buyer", "见本商事株式会社"), ("freight", "海上輸送"),
     ("freight", "by sea"), ("shipments", "1.0"), ("shipment_date", "2027年4月15日"), ("net_kg", "36.50")],
)  # fmt: skip
def test_the_same_in_other_words_is_not_found(what, same):
    assert codes(seen=seen(**{what: same})) == []


def test_two_papers_are_compared_where_the_order_is_silent():
    order = {key: value for key, value in SAMPLE["papers"]["order"].items() if key != "contract_no"}
    rows = [{"paper": "contract", "contract_no": "C-1"}, {"paper": "invoice", "contract_no": "C-2"}]
    case = case_of(marked(SAMPLE | {"papers": SAMPLE["papers"] | {"order": order, "seen": rows}}, ""), "2026-11-24")
    assert [point.code for point in check_papers(case, ()).points] == ["paper-differs"]


def test_every_field_of_a_paper_seen_is_compared():
    from kido.papers.seen_points import COMPARED

    fields = {key.removeprefix("seen[].") for key in order_fields() if key.startswith("seen[].")}
    assert fields - {"paper", "file", "date"} == set(COMPARED)


@pytest.mark.parametrize(
    ("papers", "expected"),
    [
        ({"order": {"order_no": "PO-4711, PO-4712"}, "seen": []}, ["two-numbers"]),
        ({"order": {"order_no": "PO-4711/A"}, "seen": []}, []),
        ({"order": {"shipments": "2"}}, ["split-shipment"]),
        ({"order": {"shipment_date": "2026-11-23"}}, ["ships-too-early"]),
        ({"order": {"shipment_date": "2026-11-24"}}, []),
        ({"licence": {"filed": "2026-12-14", "accepted": "2026-12-13"}}, ["dates-out-of-order"]),
        ({"licence": {"filed": "2026-12-14", "accepted": "2026-12-14"}}, []),
        ({"end_use": {"certificate_date": "2026-11-01"}}, ["dates-out-of-order"]),
        ({"technical": {"unit_mass": "19.3 g"}}, ["mass-differs"]),
        ({"technical": {"unit_mass": "18.9 g"}}, []),
        ({"technical": {"unit_mass": "1,2,3.4.5 g"}}, []),
        ({"order": {"freight": "air"}, "seen": []}, ["term-and-freight"]),
        ({"photos": [{"kind": "goods", "taken": "2026-11-25"}]}, ["photo-in-future"]),
        ({"end_use": {"product": "magnetic sensor"}}, ["vague-end-use"]),
    ],
)  # fmt: skip
def test_what_is_wrong_inside_an_order(papers, expected):
    assert codes(**papers) == expected


def test_two_end_users():
    parties = [*SAMPLE["parties"], {"role": "end_user", "name": "Other Motor", "country": "JP"}]
    case = case_of(marked(SAMPLE | {"parties": parties}, ""), "2026-11-24")
    assert [point.code for point in check_papers(case, ()).points] == ["several-parties"]


def test_the_end_user_elsewhere():
    parties = [party | {"country": "KR"} if party["role"] == "end_user" else party for party in SAMPLE["parties"]]
    case = case_of(marked(SAMPLE | {"parties": parties}, ""), "2026-11-24")
    assert [point.code for point in check_papers(case, ()).points] == ["end-user-elsewhere"]


@pytest.mark.parametrize(
    "text", ["magnetic sensor", "磁気センサー", "传感器", "motor", "部品", "industrial use", "研究", "civil use", "PC", "自動車 部品"]
)
def test_vague(text):
    assert is_vague(text)


@pytest.mark.parametrize(
    "text",
    [
        "ABS wheel-speed sensor WS-12",
        "数値制御工作機械の送り軸用ACサーボモーター",
        "数控机床用伺服电机",
        "EPS motor for steering gear, model E-2",
    ],
)
def test_exact(text):
    assert not is_vague(text)


def test_a_vague_end_use_comes_back_with_an_example():
    made = pack(case_of(marked(SAMPLE | {"papers": SAMPLE["papers"] | {"end_use": {"product": "磁気センサー"}}}, ""), "2026-11-24"))
    point = next(point for point in made.checked.points if point.code == "vague-end-use")
    assert point.stops and "サーボモーター" in point.advice["ja"]
    assert made.checked.stops("cn-2-end-user-certificate") >= 1


def test_wrong_orders_are_told_with_their_place():
    bad = {"order": {"freight": "ship", "contract_date": "soon", "colour": "red"}, "lines": {"name": "x"}, "photo": []}
    with pytest.raises(KidoError) as error:
        kido.papers(SAMPLE | {"papers": bad}, on="2026-11-24")
    assert {problem.code for problem in error.value.problems} == {"not-one-of", "not-a-date", "unknown-key", "wrong-shape"}
    assert all("papers" in problem.place for problem in error.value.problems)

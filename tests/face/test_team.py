"""A desk for a team: who may do what, and what the threats of docs/security.md come to. Every test is named there."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from kido import desk
from kido.errors import KidoError
from kido.face.cli.serve import Team, _for_team
from kido.face.http import people as http_people
from kido.face.http.app import create_app
from kido.records.people import MOST_FOR_NAME, ROLES

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "correct horse battery"
NAME = "kido.example.jp"
BASE = f"https://{NAME}"
OWN = {"Origin": BASE}
FACTS = {"act": "export", "from": "CN", "to": "JP", "origin": "CN", "form": "magnet", "magnet_family": "SmCo", "name": "SmCo 磁石"}
CHECK = "/check?act=export&exported_from=CN&destination=JP&form=magnet&magnet_family=SmCo&origin=CN&on=2026-11-23&lang=en"


@pytest.fixture(scope="module")
def people(tmp_path_factory):
    """Accounts of every role, in records of their own."""
    folder = tmp_path_factory.mktemp("team")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KIDO_RECORDS", str(folder / "records.sqlite"))
        found = desk.people()
        for name, role in (("reader", "reader"), ("clerk", "clerk"), ("boss", "approver"), ("boss2", "approver"), ("root", "admin")):
            found.add(name, PASSWORD, role, "test")
        yield found


@pytest.fixture(scope="module")
def app(people, tmp_path_factory):
    return create_app(tmp_path_factory.mktemp("jobs"), hosts=(NAME,), people=people, secure=True)


@pytest.fixture
def patient(monkeypatch):
    """Tests ask more often than people do."""
    monkeypatch.setattr(http_people._Paced, "may", lambda self, what, who: True)


@pytest.fixture
def stranger(app, patient):
    return TestClient(app, base_url=BASE, follow_redirects=False)


def signed_in(app, name: str) -> TestClient:
    client = TestClient(app, base_url=BASE, follow_redirects=False)
    done = client.post("/sign-in?lang=en", data={"name": name, "password": PASSWORD}, headers=OWN)
    assert done.status_code == 303, done.text
    return client


@pytest.fixture
def as_(app, patient):
    return lambda name: signed_in(app, name)


def key(client: TestClient) -> str:
    """The form key of a session, as a page of it holds it."""
    return re.search(r'name="csrf" value="([^"]+)"', client.get("/me").text)[1]


def codes(answer) -> set[str]:
    return {one["code"] for one in answer.json()["problems"]}


def kept(client: TestClient) -> str:
    """The number of a record this client has just made."""
    return client.post("/api/determine?on=2026-11-23", json=FACTS, headers=OWN).headers["kido-record"]


# -- the door ----------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/", "/check", "/records", "/records/R1", "/tables", "/data", "/me", "/people", "/register"])
def test_a_stranger_gets_only_the_page_to_sign_in(stranger, path):
    asked = stranger.get(path)
    assert asked.status_code == 303 and asked.headers["location"].startswith("/sign-in?")
    page = stranger.get(asked.headers["location"])
    assert page.status_code == 200 and 'name="password"' in page.text and 'href="/records' not in page.text


@pytest.mark.parametrize("path", ["/api/records", "/api/register", "/api/openapi.json", "/api/health", "/api/bulk", "/api/nothing"])
def test_a_program_without_a_token_gets_nothing(stranger, path):
    asked = stranger.get(path)
    assert asked.status_code == 401 and codes(asked) == {"sign-in-needed"} and asked.headers["www-authenticate"].startswith("Bearer")
    wrong = stranger.get(path, headers={"Authorization": "Bearer kido_" + "x" * 43})
    assert wrong.status_code == 401


def test_signing_in_leads_on_and_out_again(stranger):
    done = stranger.post("/sign-in?lang=ja", data={"name": "ＣＬＥＲＫ", "password": PASSWORD, "next": "/records?lang=ja"}, headers=OWN)
    assert done.status_code == 303 and done.headers["location"] == "/records?lang=ja"
    cookie = done.headers["set-cookie"]
    assert cookie.startswith("__Host-kido=") and all(word in cookie for word in ("HttpOnly", "Secure", "SameSite=strict", "Path=/"))
    page = stranger.get("/records?lang=ja")
    assert page.status_code == 200 and "clerk" in page.text
    out = stranger.post("/sign-out", data={"csrf": key(stranger)}, headers=OWN)
    assert out.status_code == 303 and stranger.get("/records").status_code == 303


@pytest.mark.parametrize(
    "where", ["//evil.example/x", "https://evil.example/", "/\\evil.example", "javascript:alert(1)", "/x\r\nSet-Cookie: a=b"]
)
def test_signing_in_leads_nowhere_outside(stranger, where):
    done = stranger.post("/sign-in?lang=en", data={"name": "clerk", "password": PASSWORD, "next": where}, headers=OWN)
    assert done.status_code == 303 and done.headers["location"] == "/?lang=en"


def test_a_session_is_new_at_every_sign_in(stranger, app):
    """Fixation: a cookie that was there before, given by somebody else or of an older session, is worth nothing afterwards."""
    stranger.cookies.set("__Host-kido", "chosen-by-somebody-else", domain=NAME)
    done = stranger.post("/sign-in", data={"name": "clerk", "password": PASSWORD}, headers=OWN)
    first = done.headers["set-cookie"].split("=", 1)[1].split(";")[0]
    assert first != "chosen-by-somebody-else" and len(first) >= 43
    stranger.cookies.clear()
    again = stranger.post("/sign-in", data={"name": "clerk", "password": PASSWORD}, headers=OWN | {"Cookie": f"__Host-kido={first}"})
    second = again.headers["set-cookie"].split("=", 1)[1].split(";")[0]
    assert second != first
    for value, status in ((first, 303), (second, 200), ("chosen-by-somebody-else", 303)):
        stranger.cookies.clear()
        assert stranger.get("/records", headers={"Cookie": f"__Host-kido={value}"}).status_code == status


def test_a_new_password_ends_every_session(app, people, patient):
    people.add("leaver", PASSWORD, "clerk", "test")
    one, other = signed_in(app, "leaver"), signed_in(app, "leaver")
    done = one.post("/me", data={"csrf": key(one), "do": "password", "old": PASSWORD, "new": "another long one 1"}, headers=OWN)
    assert done.status_code == 303
    assert one.get("/records").status_code == 200 and other.get("/records").status_code == 303
    wrong = one.post("/me", data={"csrf": key(one), "do": "password", "old": PASSWORD, "new": "yet another one 12"}, headers=OWN)
    assert wrong.status_code == 401


def test_an_account_switched_off_is_out_at_once(app, people, as_):
    people.add("gone", PASSWORD, "clerk", "test")
    client, admin = signed_in(app, "gone"), as_("root")
    token = people.make_token("gone", "x", 1)
    assert client.get("/records").status_code == 200
    done = admin.post("/people", data={"csrf": key(admin), "do": "off", "name": "gone"}, headers=OWN)
    assert done.status_code == 303
    assert client.get("/records").status_code == 303
    assert client.get("/api/records", headers={"Authorization": f"Bearer {token}"}).status_code == 401


# -- guessing ----------------------------------------------------------------------------------


def test_guessing_is_slowed_down_and_says_nothing(app, people, patient):
    people.add("target", PASSWORD, "clerk", "test")
    client = TestClient(app, base_url=BASE, follow_redirects=False)

    def attempt(name, password):
        return client.post("/sign-in?lang=en", data={"name": name, "password": password}, headers=OWN)

    seen = [attempt("target", f"wrong {n} password") for n in range(MOST_FOR_NAME)]
    assert {one.status_code for one in seen} == {401}
    unknown = attempt("nobody-at-all", "wrong 1 password")
    assert unknown.status_code == 401 and unknown.text.replace("nobody-at-all", "target") == seen[0].text
    locked = attempt("target", PASSWORD)
    assert locked.status_code == 429 and "Wait 15 minutes" in locked.text
    assert attempt("boss", PASSWORD).status_code == 303  # others are not shut out by it


def test_trying_from_one_address_is_slowed_down(app, people):
    client = TestClient(app, base_url=BASE, follow_redirects=False, client=("203.0.113.9", 1))
    found = [client.post("/sign-in", data={"name": f"x{n}", "password": "no"}, headers=OWN).status_code for n in range(25)]
    assert found[0] == 401 and found[-1] == 429


def test_a_person_who_asks_too_often_waits(people, monkeypatch, tmp_path):
    monkeypatch.setitem(http_people.PER_MINUTE, "person", 5)
    client = signed_in(create_app(tmp_path, hosts=(NAME,), people=people, secure=True), "clerk")
    found = [client.get("/api/health") for _ in range(8)]
    assert found[0].status_code == 200 and found[-1].status_code == 429 and codes(found[-1]) == {"too-many-requests"}


def test_a_name_that_there_is_not_takes_as_long(people, monkeypatch):
    """The work is done for every name, so that time does not tell which there are."""
    from kido.records import people as room

    asked = []
    monkeypatch.setattr(room, "_right", lambda hashed, password: asked.append(hashed) or False)
    for name in ("clerk", "nobody-there"):
        with pytest.raises(KidoError):
            people.sign_in(name, "x", "198.51.100.7")
    assert len(asked) == 2 and all(one.startswith("$argon2id$") for one in asked)


# -- forged forms ------------------------------------------------------------------------------


FORMS = ["/sign-out", "/me", "/people", "/records/R1", "/tables", "/api/determine", "/api/records/R1/remarks", "/api/batch?filename=x.csv"]


@pytest.mark.parametrize("path", FORMS)
@pytest.mark.parametrize(
    "headers",
    [{}, {"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"},
     {"Origin": BASE, "Sec-Fetch-Site": "cross-site"}, {"Origin": f"{BASE}.evil.example"}],
)  # fmt: skip
def test_a_form_of_others_changes_nothing(as_, path, headers):
    client = as_("root")
    done = client.post(path, data={"csrf": key(client), "do": "off", "name": "clerk", "kind": "comment", "text": "x"}, headers=headers)
    assert done.status_code == 403, (path, headers)
    assert client.get("/records").status_code == 200


@pytest.mark.parametrize("path", ["/sign-out", "/me", "/people", "/records/R1"])
def test_a_form_carries_the_key_of_its_session(as_, path):
    client, other = as_("root"), as_("boss")
    for wrong in ("", "x" * 43, key(other)):
        assert client.post(path, data={"csrf": wrong, "kind": "comment", "text": "x", "do": "role"}, headers=OWN).status_code == 403


def test_an_answer_asked_by_a_page_of_others_is_not_recorded(as_):
    client = as_("clerk")
    before = desk.records_held()[1]
    assert client.get(CHECK, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 200
    assert desk.records_held()[1] == before
    assert "Recorded:" in client.get(CHECK, headers={"Sec-Fetch-Site": "same-origin"}).text and desk.records_held()[1] > before


# -- roles -------------------------------------------------------------------------------------


def test_each_role_may_do_what_it_may(as_):
    number = kept(as_("clerk"))
    say = f"/api/records/{number}/remarks"
    # what is asked, and the least role that may
    asked = [
        ("GET", "/api/records", None, "reader"),
        ("POST", "/api/determine?keep=false", FACTS, "reader"),
        ("POST", "/api/screen?keep=false&on=2026-08-24", {"names": ["TDK"]}, "reader"),
        ("POST", say, {"kind": "comment", "text": "seen"}, "clerk"),
        ("POST", say, {"kind": "shipped", "shipped": "never"}, "clerk"),
        ("POST", say, {"kind": "hold", "text": "audit"}, "approver"),
        ("GET", "/api/records/verify", None, "approver"),
        ("GET", "/people", None, "admin"),
    ]
    clients = {"reader": as_("reader"), "clerk": as_("clerk"), "approver": as_("boss"), "admin": as_("root")}
    for method, path, body, least in asked:
        for role in ROLES:
            done = clients[role].request(method, path, json=body, headers=OWN)
            may = ROLES.index(role) >= ROLES.index(least)
            assert (done.status_code in (200, 201)) == may and (may or done.status_code == 403), (method, path, role, done.status_code)


def test_a_reader_leaves_no_record(as_):
    client, before = as_("reader"), desk.records_held()[1]
    told = client.post("/api/determine?on=2026-11-23", json=FACTS, headers=OWN)
    assert told.status_code == 200 and "kido-record" not in told.headers
    assert "The answers of a reader are not recorded" in client.get(CHECK).text and desk.records_held()[1] == before


def test_four_eyes_on_the_page(as_):
    clerk, boss = as_("boss"), as_("boss2")
    number = kept(clerk)
    mine = clerk.get(f"/records/{number}?lang=en").text
    assert 'value="approve"' not in mine and "Somebody else" in mine
    forced = clerk.post(f"/records/{number}", data={"csrf": key(clerk), "kind": "approve"}, headers=OWN)
    assert forced.status_code == 422 and "four-eyes" not in forced.headers
    assert 'value="approve"' in boss.get(f"/records/{number}?lang=en").text
    done = boss.post(f"/records/{number}", data={"csrf": key(boss), "kind": "approve", "text": "looked at"}, headers=OWN)
    assert done.status_code == 303
    again = boss.post(f"/records/{number}?lang=en", data={"csrf": key(boss), "kind": "reject", "text": "keep this text"}, headers=OWN)
    assert again.status_code == 409 and "keep this text" in again.text and "boss2 has decided already" in again.text


def test_a_token_does_what_its_person_may_and_no_more(as_, stranger):
    client = as_("clerk")
    page = client.post("/me", data={"csrf": key(client), "do": "token", "label": "<b>ERP</b>", "days": "30"}, headers=OWN)
    token = re.search(r"kido_[\w-]{43}", page.text)[0]
    bearer = {"Authorization": f"Bearer {token}"}
    assert stranger.post("/api/determine?on=2026-11-23", json=FACTS, headers=bearer).headers["kido-record"].startswith("R")
    assert stranger.get("/people", headers=bearer).status_code == 403
    mine = client.get("/me").text
    assert token not in mine and "&lt;b&gt;ERP" in mine
    id = re.search(r'name="id" value="([0-9a-f]{8})"', mine)[1]
    assert client.post("/me", data={"csrf": key(client), "do": "revoke", "id": id}, headers=OWN).status_code == 303
    assert stranger.get("/api/records", headers=bearer).status_code == 401


def test_the_last_admin_stays(as_):
    client = as_("root")
    for do in ("off", "role"):
        done = client.post("/people?lang=en", data={"csrf": key(client), "do": do, "name": "root", "role": "clerk"}, headers=OWN)
        assert done.status_code == 409 and "last admin" in done.text


def test_sign_ins_are_listed_for_admins(as_, stranger):
    stranger.post("/sign-in", data={"name": "<script>alert(1)</script>", "password": "x"}, headers=OWN)
    page = as_("root").get("/people?lang=en").text
    assert "signed in" in page and "refused" in page and "<script>alert" not in page and "&lt;script&gt;alert" in page


# -- what a browser is told --------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/sign-in", "/records", "/me", "/people", "/check", "/nope", "/api/health"])
def test_every_answer_has_the_headers_that_keep_a_browser_safe(as_, path):
    told = as_("root").get(path).headers
    policy = told["content-security-policy"]
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy and "unsafe" not in policy and "*" not in policy
    assert (
        told["x-content-type-options"] == "nosniff" and told["x-frame-options"] == "DENY" and "max-age" in told["strict-transport-security"]
    )
    assert told["cache-control"] in ("private, no-cache", "no-store", "no-cache")


def test_pages_with_a_key_are_not_packed(as_):
    told = as_("root").get("/me", headers={"Accept-Encoding": "gzip"})
    assert "content-encoding" not in told.headers


def test_names_and_files_cannot_act_on_a_page(as_):
    evil = "<img src=x onerror=alert(1)>\"'`{{7*7}}${7*7}"
    client = as_("clerk")
    number = client.post("/api/determine?on=2026-11-23", json=FACTS | {"name": evil}, headers=OWN).headers["kido-record"]
    client.post(f"/api/records/{number}/remarks", json={"kind": "comment", "text": evil}, headers=OWN)
    screened = client.get("/parties", params={"names": evil, "on": "2026-08-24"})
    for page in (
        client.get(f"/records/{number}"),
        client.get("/records", params={"text": evil}),
        client.get(f"/records/{number}/replay"),
        screened,
    ):
        assert page.status_code == 200 and "<img" not in page.text
        assert "{{7*7}}" in page.text or page.url.path.endswith("/replay")  # as it was typed: no template runs it
    part = client.get(f"/records/{number}/parts/facts")
    assert part.headers["content-disposition"].startswith("attachment") and "sandbox" in part.headers["content-security-policy"]


@pytest.mark.parametrize(
    "name", ["../../../etc/passwd", "..%2f..%2fetc%2fpasswd", "%2e%2e/%2e%2e/records.sqlite", "facts/../../x", "\\..\\x", "a%00b"]
)
def test_no_path_leads_out(as_, name):
    client = as_("clerk")
    number = kept(client)
    for path in (
        f"/records/{number}/parts/{name}",
        f"/api/records/{number}/parts/{name}",
        f"/static/{name}",
        f"/tables/{name}/files/x",
        f"/api/bulk/x/{name}",
    ):
        done = client.get(path)
        assert done.status_code in (400, 404, 422), (path, done.status_code)
        assert "root:" not in done.text and "SQLite format" not in done.text


def test_another_name_of_the_machine_gets_nothing(app):
    for host in ("evil.example", "127.0.0.1", f"{NAME}.evil.example"):
        assert TestClient(app, base_url=BASE).get("/sign-in", headers={"Host": host}).status_code == 421


# -- what is not safe does not start -----------------------------------------------------------


@pytest.mark.parametrize(
    ("host", "team", "code"),
    [
        ("0.0.0.0", Team(), "team-needs-name"),
        ("0.0.0.0", Team(names=(NAME,)), "team-needs-tls"),
        ("::", Team(names=(NAME,), certificate="x.pem"), "team-needs-tls"),
        ("192.0.2.1", Team(names=(NAME,), certificate="no.pem", key="no.key"), "no-such-file"),
        ("0.0.0.0", Team(names=(NAME,), proxy="10.0.0.1"), "team-needs-admin"),
        ("127.0.0.1", Team(names=(NAME,), proxy="127.0.0.1"), "team-needs-admin"),
        ("127.0.0.1", Team(wanted=True), "team-needs-admin"),
    ],
)
def test_open_to_the_network_only_with_accounts_and_tls(host, team, code, monkeypatch, tmp_path):
    monkeypatch.setenv("KIDO_RECORDS", str(tmp_path / "empty.sqlite"))
    assert team.needed(host)
    with pytest.raises(KidoError) as refused:
        _for_team(host, team)
    assert refused.value.problems[0].code == code


def test_the_command_refuses_before_it_listens():
    done = subprocess.run(
        [sys.executable, "-m", "kido", "serve", "--host", "0.0.0.0", "--lang", "en"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode != 0 and "team-needs-name" in done.stderr


@pytest.mark.parametrize(
    ("team", "code"),
    [
        (Team(names=(NAME,), proxy="*"), "no-proxy-address"), (Team(names=(NAME,), proxy="nonsense"), "no-proxy-address"),
        (Team(names=(NAME,), proxy="127.0.0.1", certificate="c", key="k"), "tls-twice"), (Team(names=("kido.test:8443",), proxy="127.0.0.1"), "team-needs-name"),
        (Team(names=("https://kido.test",), proxy="127.0.0.1"), "team-needs-name"), (Team(names=("*",), proxy="127.0.0.1"), "team-needs-name"),
        (Team(names=(NAME,), certificate=__file__, key=__file__), "file-not-read"), (Team(names=(NAME,), certificate=__file__), "team-needs-tls"),
    ],
)  # fmt: skip
def test_what_would_be_open_or_plain_does_not_start(people, team, code):
    assert team.needed("127.0.0.1")
    with pytest.raises(KidoError) as refused:
        _for_team("127.0.0.1", team)
    assert refused.value.problems[0].code == code


def test_only_the_proxy_may_connect_and_tells_who_asks(app):
    from kido.face.http.behind import Behind

    seen = []

    async def told(scope, receive, send):
        seen.append((scope["client"][0], scope["scheme"]))
        await app(scope, receive, send)

    def ask(peer: str, **headers: str) -> int:
        return (
            TestClient(Behind(told, "10.0.0.0/24"), base_url=BASE, client=(peer, 1), follow_redirects=False)
            .get("/sign-in", headers=headers)
            .status_code
        )

    assert ask("10.0.0.7", **{"X-Forwarded-For": "198.51.100.1, 203.0.113.9"}) == 200
    assert seen == [("203.0.113.9", "https")]  # the hop the proxy wrote, not the one the asker made up
    assert ask("192.0.2.1", **{"X-Forwarded-For": "10.0.0.7"}) == 403 and len(seen) == 1


def test_a_token_looks_after_nobody(stranger, people):
    bearer = {"Authorization": f"Bearer {people.make_token('root', 'ERP', 1)}"}
    for path in ("/me", "/people"):
        assert stranger.get(path, headers=bearer).status_code == 403
        done = stranger.post(path, data={"do": "add", "name": "mallory", "password": PASSWORD, "role": "admin"}, headers=bearer | OWN)
        assert done.status_code == 403
    assert "mallory" not in [one.name for one in people.list()]


def test_a_reader_sees_no_table(as_):
    reader, clerk = as_("reader"), as_("clerk")
    for path in ("/tables", "/api/batch/" + "0" * 32):
        assert reader.get(path).status_code == 403 and clerk.get(path).status_code in (200, 404)


def test_what_nobody_asked_to_see_is_not_recorded(as_):
    client = as_("clerk")
    before = desk.records_held()[1]
    client.head(CHECK + "&value=1")
    client.get(CHECK + "&value=2", headers={"Sec-Purpose": "prefetch"})
    client.get(CHECK + "&value=3", headers={"Sec-Fetch-Site": "same-site"})
    assert desk.records_held()[1] == before


def test_a_form_states_its_length(as_):
    client = as_("clerk")
    done = client.post("/tables", content=iter([b"x" * 100]), headers=OWN)
    assert done.status_code == 411


def test_private_answers_are_kept_by_no_cache(as_):
    client = as_("clerk")
    number = kept(client)
    for path in (f"/records/{number}/parts/facts", f"/api/records/{number}", "/records", f"/records/{number}"):
        assert "private" in (told := client.get(path).headers["cache-control"]) or "no-store" in told


def test_another_register_is_followed_at_once(people, tmp_path, monkeypatch):
    from kido.register import store

    monkeypatch.setenv("KIDO_DATA", str(tmp_path))
    client = TestClient(create_app(tmp_path / "jobs", hosts=(NAME,)), base_url=BASE)
    asked = []
    monkeypatch.setattr(store, "forget", lambda: asked.append(1))
    client.get("/api/health")
    assert asked == []
    (tmp_path / "register.json").write_text('{"version": "shipped"}')
    client.get("/api/health")
    client.get("/api/health")
    assert asked == [1]


# -- the page of threats -----------------------------------------------------------------------


@pytest.mark.parametrize("page", ["docs/security.md", "docs/ja/安全.md"])
def test_every_threat_names_tests_that_there_are(page):
    text = (ROOT / page).read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if line.startswith("| ") and "`test" in line]
    named = re.findall(r"`(test\w+)`", text)
    there = {
        name
        for path in (ROOT / "tests").rglob("test_*.py")
        for name in re.findall(r"^def (test_\w+)", path.read_text(encoding="utf-8"), re.M)
    }
    assert len(rows) >= 12 and set(named) <= there, set(named) - there

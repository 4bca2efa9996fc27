"""The API under attack: what is sent is told as wrong, quickly and in its own form, and nothing else happens."""

import asyncio
import json
import socket
import threading
import time
import warnings
from concurrent.futures import ThreadPoolExecutor

import pytest

import kido
from kido import desk
from kido.face import view
from kido.face.http import answers
from kido.face.http.app import SAFE, create_app
from kido.face.http.body import MOST_BODY, MOST_PARTIES, MOST_VALUES
from kido.face.http.door import MOST_TOLD as MOST_PARAMETERS
from kido.face.http.patience import Patience
from kido.face.http.problems import MOST_READ, MOST_TOLD
from kido.records.book import New
from kido.register.cases import read_cases
from kido.terms.ground import ground

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from fastapi.testclient import TestClient

QUICK = 2.0  # seconds of the processor; each of these once took more, or brought the server down
LETTER = {"act": "export", "from": "CN", "to": "JP", "origin": "CN", "form": "magnet", "magnet_family": "SmCo"}
FACTS = ("/api/determine", "/api/explain/cn-mofcom-gacc-2025-18%2F1", "/api/next-question")


@pytest.fixture(scope="module")
def client(tmp_path_factory) -> TestClient:
    folder = tmp_path_factory.mktemp("jobs")
    client = TestClient(create_app(folder), base_url="http://127.0.0.1:8512", raise_server_exceptions=False)
    client.post("/api/determine", json=LETTER)
    client.post("/api/screen", json={"names": ["warm"]})  # the lists are read once
    return client


def codes(response) -> list[str]:
    assert response.headers["content-type"] == "application/problem+json", response.text[:300]
    told = response.json()
    assert told["status"] == response.status_code
    for one in told["problems"]:
        assert one["wrong"]["ja"] and one["wrong"]["en"] and one["do"]["ja"] and one["do"]["en"]
    return [one["code"] for one in told["problems"]]


def quickly(client: TestClient, method: str, path: str, **more):
    began = time.process_time()
    told = client.request(method, path, **more)
    assert time.process_time() - began < QUICK, path
    return told


# -- bodies -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "what"),
    [
        (b'{"form": "\\ud800"}', "half-a-character"),
        (b'{"\\udfff": "magnet"}', "half-a-character"),
        (b'{"name": "x\\uD83D", "form": "magnet"}', "half-a-character"),
        (b'{"names": ["\\ud800"]}', "half-a-character"),
        (b"\xef\xbb\xbf", "empty-input"),
        (b"\x00", "json-syntax"),
        (b'{"a": 1}{"b": 2}', "json-syntax"),
        (b'{"a": .5}', "json-syntax"),
        (b"{'a': 1}", "json-syntax"),
        (b'{"names": ' + b"[" * 50_000, "json-syntax"),
        (b'{"a":' * 50_000, "json-syntax"),
        (b'{"names": ["x"], "names": ["y"]}', "duplicate-key"),
        (b'{"form": {"a": 1, "a": 2}}', "duplicate-key"),
        (b"\xff\xfe{\x00}\x00", "not-utf-8"),
        (b"x" * (MOST_BODY + 1), "body-too-large"),
        (b"null", "wrong-shape"),
        (b"NaN", "wrong-shape"),
        (b"9" * 5_000, "wrong-shape"),
    ],
)
def test_a_body_that_is_none(client, body, what):
    for path in (*FACTS, "/api/screen"):
        assert what in codes(quickly(client, "POST", path, content=body)), path


@pytest.mark.parametrize("depth", [5, 60, 100, 300, 900, 960, 980, 1_000, 5_000])
def test_a_body_that_is_deep(client, depth):
    for left, right in ((b'{"goods":', b"}"), (b'{"composition":[', b"]}"), (b'{"a":[{', b"}]}")):
        body = left * depth + b"1" + right * depth if left.endswith((b":", b"[")) else left + b"[" * depth + b"]" * depth + right
        for path in (*FACTS, "/api/screen"):
            assert quickly(client, "POST", path, content=body).status_code in (400, 422)


@pytest.mark.parametrize("piece", ["9", "9 ", "9,", "1-", "1kg", "1~", "9e", " ", "1±", "2025-", "1/", "Dy 1,", "(", "約", "０"])
@pytest.mark.parametrize(
    "name", ["purity_pct", "mass_kg", "value", "via", "control_code", "hs", "on", "composition", "dy_wt_pct", "sum_re_wt_pct"]
)
def test_a_value_of_thousands_of_characters_is_read_quickly(client, name, piece):
    long = piece * (9_900 // len(piece))
    told = quickly(client, "POST", "/api/determine", json={"form": "magnet", name: long})
    assert told.status_code in (200, 422)


@pytest.mark.parametrize(
    "figure", ["1e1000000", "1e-1000000", "1e99999999999999", "-1e400", "NaN", "-Infinity", "9" * 5_000, "0." + "0" * 400 + "1"]
)
def test_a_figure_beyond_all_bounds(client, figure):
    body = '{"purity_pct": %s, "composition": {"Dy": %s}, "inputs": [{"element": "Dy", "value_pct": %s}]}' % ((figure,) * 3)
    found = codes(quickly(client, "POST", "/api/determine", content=body.encode()))
    assert set(found) <= {"too-large", "too-fine", "nan", "negative", "figure-too-long", "above-100"} and len(found) >= 2
    assert codes(client.post("/api/screen", content=f'{{"names": [{figure}]}}'.encode())) == ["wrong-shape"]


@pytest.mark.parametrize(
    "facts",
    [
        {f"fact{number}": 1 for number in range(60_000)},
        {"composition": {f"X{number}": 1 for number in range(50_000)}},
        {"inputs": [{"element": "Dy", "origin": "CN", "value": "1"} for _ in range(15_000)]},
        {"via": ["x"] * 100_000},
        {"parties": [{"role": "end_user", "name": f"C {number}"} for number in range(MOST_PARTIES + 1)]},
        {"via": ["x"] * 101},
        {"via": "x," * 200},
    ],
)
def test_more_values_than_any_transaction_has(client, facts):
    for path in FACTS:
        assert codes(quickly(client, "POST", path, json=facts)) == ["too-many-values"]


def test_as_many_as_are_allowed_are_read(client):
    facts = LETTER | {"parties": [{"role": "end_user", "name": f"Maker {number} GmbH"} for number in range(MOST_PARTIES)]}
    assert client.post("/api/determine", json=facts).status_code == 200
    assert MOST_VALUES > 4 * MOST_PARTIES


def test_many_problems_are_counted_and_not_all_sent(client):
    told = quickly(client, "POST", "/api/determine", json={"composition": {f"Zz{number}": 1 for number in range(3_000)}})
    assert len(codes(told)) == MOST_TOLD and told.json()["more"] == 3_000 - MOST_TOLD and len(told.content) < 100_000


def test_what_was_read_is_not_sent_back_at_length(client):
    for told in (client.get("/api/register/" + "a" * 30_000), client.post("/api/determine", json={"a" * 9_000: 1})):
        assert codes(told) and all(len(one["read"]) <= MOST_READ + 1 for one in told.json()["problems"]) and len(told.content) < 5_000


@pytest.mark.parametrize(
    "names", [["A b " * 200_000], ["x" * 1_001], [{"name": "x", "country": "y" * 2_000}], [{"name": "x", "contry": "JP"}]]
)
def test_names_that_are_none(client, names):
    assert set(codes(quickly(client, "POST", "/api/screen", json={"names": names}))) <= {"too-long", "wrong-shape"}


# -- kinds ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "kind", ["text/html", "multipart/form-data; boundary=x", "application/xml", "text/csv", "image/png", "MULTIPART/mixed"]
)
def test_a_body_of_another_kind(client, kind):
    for path in (*FACTS, "/api/screen"):
        told = client.post(path, json=LETTER, headers={"Content-Type": kind})
        assert told.status_code == 415 and codes(told) == ["wrong-kind-of-body"]


@pytest.mark.parametrize(
    "kind", ["", "application/json", "application/json; charset=utf-8", "application/x-www-form-urlencoded", "text/plain"]
)
def test_kinds_that_programs_send(client, kind):
    """`curl -d` says that its body is a form."""
    assert client.post("/api/determine", content=json.dumps(LETTER), headers={"Content-Type": kind}).status_code == 200


def test_a_packed_body_or_a_form_with_a_table_is_told(client, tmp_path):
    import gzip

    told = client.post("/api/determine", content=gzip.compress(b"{}" * 1_000), headers={"Content-Encoding": "gzip"})
    assert told.status_code == 415 and codes(told) == ["wrong-kind-of-body"]
    told = client.post("/api/batch?filename=a.csv", files={"file": ("a.csv", b"x")})
    assert told.status_code == 415 and "curl --data-binary" in told.json()["problems"][0]["do"]["en"]
    assert list(client.app.state.jobs.folder.glob("*")) == []


# -- pages of others --------------------------------------------------------------------------------

WRITES = [("POST", "/api/determine"), ("POST", "/api/screen"), ("POST", "/api/batch?filename=a.csv"), ("DELETE", "/api/batch/" + "0" * 32)]


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:8513"},
        {"Origin": "http://127.0.0.1.evil.example:8512"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "http://127.0.0.1:8512", "Sec-Fetch-Site": "cross-site"},
    ],
)
def test_a_page_of_others_in_the_same_browser_writes_nothing(client, headers):
    _, before = desk.records_held()
    for method, path in WRITES:
        told = client.request(method, path, json=LETTER, headers=headers | {"Content-Type": "text/plain"})
        assert told.status_code == 403 and codes(told) == ["form-of-others"], path
    assert desk.records_held()[1] == before and list(client.app.state.jobs.folder.glob("*")) == []


def test_our_own_page_and_programs_may(client):
    for headers in ({"Origin": "http://127.0.0.1:8512", "Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}, {}):
        assert client.post("/api/determine", json=LETTER, headers=headers).status_code == 200


# -- parameters -------------------------------------------------------------------------------------


def described() -> list[tuple[str, str]]:
    """Every operation of the description."""
    paths = create_app().openapi()["paths"]
    return [(method.upper(), path) for path, methods in paths.items() for method in methods]


@pytest.mark.parametrize(("method", "path"), described())
def test_a_parameter_nobody_knows_is_refused_everywhere(client, method, path):
    path = (
        path.replace("{of}", "act")
        .replace("{id}", "0" * 32)
        .replace("{measure}", "x")
        .replace("{version}", "latest")
        .replace("{name}", "x")
    )
    told = client.request(method, f"{path}?grian=5&lang=en", json=None if method == "GET" else LETTER)
    assert told.status_code == 422 and "unknown-parameter" in codes(told), told.text


@pytest.mark.parametrize(
    ("query", "meant"),
    [
        ("known-on=2026-01-01", "known_on"),
        ("jurisdicton=CN", "jurisdiction"),
        ("Element=Dy", "element"),
        ("feilds=acts", "fields"),
        ("limt=5", "limit"),
    ],
)
def test_a_slip_is_put_right(client, query, meant):
    told = client.get(f"/api/register?{query}&lang=en")
    assert codes(told) == ["unknown-parameter"] and f'"{meant}"' in told.json()["detail"]
    assert f"「{meant}」" in client.get(f"/api/register?{query}&lang=ja").json()["detail"]


def test_a_parameter_given_twice_or_empty_is_refused(client):
    assert codes(client.get("/api/as-of?on=2020-01-01&on=2026-01-01")) == ["parameter-twice"]
    for name in ("element", "form", "hs", "code", "word", "kind", "justification", "place", "jurisdiction"):
        assert codes(client.get(f"/api/as-of?{name}=")) == ["parameter-empty"]
    assert codes(client.get("/api/register?fields=")) == codes(client.get("/api/register?cursor=")) == ["parameter-empty"]
    assert codes(client.get("/api/register?lang=")) == ["not-one-of"] and codes(client.get("/api/register?on=")) == ["not-a-date"]


def test_ten_thousand_parameters(client):
    told = quickly(client, "GET", "/api/register?" + "a=1&" * 10_000)
    assert told.status_code == 422 and "unknown-parameter" in codes(told)
    told = quickly(client, "GET", "/api/register?" + "&".join(f"{number:x}=" for number in range(8_000)))
    assert codes(told).count("unknown-parameter") == MOST_PARAMETERS and len(told.content) < 20_000


@pytest.mark.parametrize(
    "query",
    ["fields=" + "a," * 10_000, "fields=" + ".".join("a" * 400), "cursor=" + "A" * 20_000, "word=" + "x" * 201, "limit=" + "9" * 4_000, "limit=1e2",
     "limit=-1", "limit=NaN", "on=" + "9" * 5_000, "on=0000-00-00", "on=%00", "known_on=x", "lang=ja%0d%0aX-Evil:%201", "lang=../en", "cursor=bnVsbA==",
     "cursor=WzEsMl0=", "cursor=W1tdLCBbXV0=", "cursor=%ff", "element=%00", "element=%ed%a0%80", "hs=%00"],
)  # fmt: skip
def test_values_of_parameters(client, query):
    told = quickly(client, "GET", f"/api/as-of?{query}")
    assert told.status_code in (409, 422) and codes(told) and len(told.content) < 5_000 and "x-evil" not in told.headers


@pytest.mark.parametrize("name", ["../../etc/passwd", "..%2f..%2fetc%2fpasswd", "%2e%2e/%2e%2e/etc", "lists", "\x00", "C:\\x", "form/../x"])
def test_names_of_lists_and_acts_are_no_paths(client, name):
    assert codes(client.get("/api/words", params={"name": name})) == ["no-such-list"]
    for path in (f"/api/register/{name}", f"/api/register/cn-mofcom-gacc-2025-18%2f{name}"):
        assert client.get(path.replace("\x00", "%00").replace("\\", "%5c")).status_code == 404
    assert client.post(f"/api/explain/{name}".replace("\x00", "%00").replace("\\", "%5c"), json=LETTER).status_code in (404, 405)


def test_facts_to_pass_over_are_facts(client):
    told = client.post("/api/next-question?skipped=grian_size_um&lang=en", json={"form": "magnet"})
    assert codes(told) == ["unknown-fact"] and "grain_size_um" in told.json()["detail"]
    assert codes(quickly(client, "POST", "/api/next-question?skipped=" + "a," * 10_000, json={"form": "magnet"})) == ["too-long"]


# -- headers ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    ["/api/health/%0d%0aX-Evil:1/", "/api/nothing%0d%0aX-Evil:1", "/api/bulk/latest/%0d%0aX-Evil:1", "/%0d%0aX-Evil:1/", "/api//evil.example/"],
)  # fmt: skip
def test_nothing_of_an_address_becomes_a_header(client, path):
    told = client.get(path, follow_redirects=False)
    assert "x-evil" not in told.headers and told.status_code in (307, 404)
    assert not told.headers.get("location", "").startswith(("//", "http://evil", "https://evil"))


def raw(port: int, data: bytes, more: float = 0) -> bytes:
    """What a server answers to bytes that no client would send."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as line:
        line.sendall(data)
        time.sleep(more)
        found = b""
        while piece := line.recv(65_536):
            found += piece
            if b"\r\n\r\n" in found and b"connection: close" in found.split(b"\r\n\r\n")[0].lower():
                line.settimeout(5)
        return found


@pytest.fixture(scope="module")
def port(tmp_path_factory):
    """A real server, with little patience."""
    import uvicorn

    app = create_app(tmp_path_factory.mktemp("jobs"), hosts=("127.0.0.1", "localhost", "[::1]"))
    server = uvicorn.Server(uvicorn.Config(Patience(app, 0.7), port=0, log_level="critical", server_header=False, timeout_keep_alive=1))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = True
    thread.join(10)


@pytest.mark.parametrize(
    "host",
    ["evil.example", "127.0.0.1.evil.example", "127.0.0.1@evil.example", "evil.example#127.0.0.1", "127.0.0.1:80:80", "localhost.", "[::1", "::1",
     "127.0.0.1\t", "0x7f.1", "2130706433", "127.1", "localhost:80x", "127.0.0.1:", ""],
)  # fmt: skip
def test_hosts_that_are_not_ours(port, host):
    for path in ("/api/health", "/"):
        told = raw(port, f"GET {path} HTTP/1.1\r\nHost: {host}\r\nX-Forwarded-Host: 127.0.0.1\r\nConnection: close\r\n\r\n".encode())
        expected = (b"200",) if host.strip() == "127.0.0.1" else (b"421", b"400")
        assert told.split()[1] in expected, told[:300]


def test_two_hosts_or_a_whole_address(port):
    told = raw(port, b"GET //evil.example/api/ HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
    assert b"location: //" not in told.lower() and b"location: http://evil" not in told.lower()
    told = raw(port, b"GET /api/health HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n")
    assert told.split()[1] in (b"400", b"421")
    told = raw(port, b"GET http://evil.example/api/health HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n")
    assert told.split()[1] == b"421"


def test_a_body_that_does_not_end_is_given_up(port):
    """It would hold a connection, and a table one of the few places."""
    for path, length in (("/api/determine", 100), ("/api/batch?filename=a.csv", 10_000_000)):
        began = time.monotonic()
        told = raw(port, f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {length}\r\n\r\n{{".encode())
        assert told.split()[1] == b"408" and b"body-too-slow" in told and 0.5 < time.monotonic() - began < 5
        assert b"connection: close" in told.lower()


def test_a_body_that_drips_is_given_up_as_well(port):
    began = time.monotonic()
    with socket.create_connection(("127.0.0.1", port), timeout=20) as line:
        line.sendall(b"POST /api/determine HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n\r\n")
        told = b""
        line.settimeout(0.1)
        while time.monotonic() - began < 10 and not told:
            try:
                line.sendall(b" ")
                told = line.recv(65_536)
            except TimeoutError:
                continue
    assert told.split()[1] == b"408"


def test_a_client_that_goes_away_harms_nobody(port):
    for _ in range(5):
        with socket.create_connection(("127.0.0.1", port)) as line:
            line.sendall(b"POST /api/batch?filename=a.csv HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n\r\nx")
    assert raw(port, b"GET /api/health HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n").split()[1] == b"200"


# -- inside -----------------------------------------------------------------------------------------


def test_an_error_inside_says_nothing_of_the_house(client, monkeypatch):
    def broken(*_, **__):
        raise RuntimeError("secret at /home/someone")

    monkeypatch.setattr(answers.desk, "determine", broken, raising=False)
    for lang in ("ja", "en"):
        told = client.post(f"/api/determine?lang={lang}", json=LETTER | {"name": f"x{lang}"})
        assert told.status_code == 500 and codes(told) == ["failed-inside"] and "secret" not in told.text and "someone" not in told.text
        assert {name: told.headers[name.lower()] for name in SAFE} == SAFE


def test_a_disk_that_is_full_is_told(client, monkeypatch):
    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(answers.desk, "determine", full, raising=False)
    told = client.post("/api/determine", json=LETTER | {"name": "full"})
    assert told.status_code == 507 and codes(told) == ["data-folder"]


def test_one_that_takes_long_holds_up_nobody(client, monkeypatch):
    import httpx

    real = desk.determine
    monkeypatch.setattr(answers.desk, "determine", lambda *a, **k: (time.sleep(1.5), real(*a, **k))[1], raising=False)

    async def both() -> float:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(client.app), base_url="http://127.0.0.1") as asked:
            long = asyncio.create_task(asked.post("/api/determine?keep=false", json=LETTER | {"name": "long"}))
            await asyncio.sleep(0.1)
            began = time.monotonic()
            assert (await asked.get("/api/health")).status_code == 200
            took = time.monotonic() - began
            assert (await long).status_code == 200
            return took

    assert asyncio.run(both()) < 0.7


def test_many_at_once_are_answered_as_one_by_one(client):
    cases = read_cases(ground("cases"), kido.register().instruments)[::97]
    alone = [json.loads(json.dumps(view.determination(kido.determine(case.facts, case.on), "en"))) for case in cases]

    def asked(case):
        return client.post(
            "/api/determine", params={"on": case.on.isoformat(), "lang": "en", "keep": "false"}, json=case.facts.plain()
        ).json()

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(asked, cases)) == alone


_NEW = New("determination", "x")


def test_answers_that_are_kept_have_bounds(monkeypatch):
    kept = answers._Kept()
    monkeypatch.setattr(answers, "MOST_BYTES", 10_000)
    for number in range(100):
        kept.keep((number,), answers._Told(b"x" * 900, _NEW))
    assert kept.bytes <= 10_000 and 5 < len(kept.answers) <= 11 and kept.get((99,)) and not kept.get((0,))
    kept.keep(("big",), answers._Told(b"x" * 2_000, _NEW))
    assert kept.get(("big",)) is None

"""HEAD wherever GET is; gzip with its tags and without harm. Asked of a real server, for a test client hides what goes over the wire."""

import gzip
import http.client
import json
import os
import socket
import subprocess
import sys
import time

import pytest

PAGES = ["/", "/check", "/tables", "/register", "/timeline", "/changes", "/parties", "/data", "/act/cn-mofcom-gacc-2025-18"]
DATA = ["/api/register", "/api/register/cn-mofcom-gacc-2025-18", "/api/as-of", "/api/timeline?element=Dy", "/api/diff?first=2025-11-08&last=2025-11-10",
        "/api/coverage", "/api/words", "/api/schema/transaction", "/api/openapi.json", "/api/health", "/api/bulk", "/static/kido.css"]  # fmt: skip


@pytest.fixture(scope="module")
def port(tmp_path_factory):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    data = os.environ | {"KIDO_DATA": str(tmp_path_factory.mktemp("data"))}
    server = subprocess.Popen([sys.executable, "-m", "kido", "serve", "--port", str(port)], stderr=subprocess.DEVNULL, env=data)
    try:
        for _ in range(200):
            try:
                http.client.HTTPConnection("127.0.0.1", port, timeout=5).connect()
                break
            except OSError:
                time.sleep(0.1)
        yield port
    finally:
        server.terminate()
        server.wait(20)


def asked(port: int, path: str, method: str = "GET", **headers: str) -> tuple[int, http.client.HTTPMessage, bytes]:
    to = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    to.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    answer = to.getresponse()
    body = answer.read()
    to.close()
    return answer.status, answer.headers, body


def of(headers: http.client.HTTPMessage) -> dict[str, str]:
    return {name.casefold(): value for name, value in headers.items() if name.casefold() != "date"}


@pytest.mark.parametrize("path", [*PAGES, *DATA, "/nothing", "/api/nothing", "/api/determine"])
def test_head_is_get_without_its_body(port, path):
    for encoding in ("identity", "gzip"):
        got, headers, body = asked(port, path, Accept_Encoding=encoding)
        status, told, none = asked(port, path, "HEAD", Accept_Encoding=encoding)
        assert (status, none) == (got, b"") and body
        assert of(told) == of(headers)
        assert "content-length" not in of(headers) or int(headers["content-length"]) == len(body)


def test_a_connection_goes_on_after_a_head(port):
    to = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    for method in ("HEAD", "GET", "HEAD", "GET"):
        to.request(method, "/api/coverage", headers={"Accept-Encoding": "gzip"})
        answer = to.getresponse()
        body = answer.read()
        assert answer.status == 200 and bool(body) == (method == "GET")


@pytest.mark.parametrize("path", DATA)
def test_data_are_packed_for_those_who_ask(port, path):
    plain = asked(port, path, Accept_Encoding="identity")
    packed = asked(port, path, Accept_Encoding="br, gzip;q=0.8")
    refused = asked(port, path, Accept_Encoding="gzip;q=0, br")
    assert "content-encoding" not in of(plain[1]) and plain[2] == refused[2] and "content-encoding" not in of(refused[1])
    if len(plain[2]) >= 1000:
        assert packed[1]["content-encoding"] == "gzip" and gzip.decompress(packed[2]) == plain[2]
        assert len(packed[2]) < len(plain[2])
    for _, headers, _ in (plain, packed):
        vary = [name.strip() for name in headers.get("vary", "").split(",")]
        assert len(vary) == len(set(vary))
        assert len(plain[2]) < 1000 or "Accept-Encoding" in vary


@pytest.mark.parametrize("path", [path for path in DATA if "openapi" not in path])
def test_a_tag_holds_packed_or_not(port, path):
    for first in ("identity", "gzip"):
        tag = asked(port, path, Accept_Encoding=first)[1]["etag"]
        for second in ("identity", "gzip"):
            status, headers, body = asked(port, path, Accept_Encoding=second, If_None_Match=tag)
            assert (status, body) == (304, b"") and headers["etag"].removeprefix("W/") == tag.removeprefix("W/")
            assert "content-encoding" not in of(headers)
        if first == "gzip" and asked(port, path, Accept_Encoding="gzip")[1].get("content-encoding"):
            assert tag.startswith("W/")  # a strong one would say that both are the same bytes


def test_pages_are_not_packed(port):
    """They will hold a token beside what the user typed: see `carried`."""
    for path in (*PAGES, "/search?q=" + "x" * 100, "/nothing"):
        assert "content-encoding" not in of(asked(port, path, Accept_Encoding="gzip")[1]), path


def test_files_with_checksums_go_out_as_they_lie_there(port):
    index = json.loads(asked(port, "/api/bulk")[2])
    for one in index["files"]:
        if one["name"] in ("register.json", "acts.csv", "SHA256SUMS"):
            status, headers, body = asked(port, one["url"], Accept_Encoding="gzip")
            assert status == 200 and len(body) == one["bytes"] and "content-encoding" not in of(headers)
            assert headers["etag"].startswith('"')
            status, told, none = asked(port, one["url"], "HEAD", Accept_Encoding="gzip")
            assert (status, none, told["content-length"]) == (200, b"", str(one["bytes"]))
            assert "content-digest" not in of(told) and told["repr-digest"] == headers["repr-digest"]
            status, part, body = asked(port, one["url"], Accept_Encoding="gzip", Range="bytes=0-99")
            assert (status, len(body)) == (206, 100) and "content-encoding" not in of(part)
            status, told, none = asked(port, one["url"], "HEAD", Range="bytes=0-99")
            assert (status, none) == (206, b"") and told["content-length"] == "100"


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("POST", "/api/register", {"GET", "HEAD"}),
        ("GET", "/api/determine", {"POST"}),
        ("HEAD", "/api/determine", {"POST"}),
        ("PUT", "/api/batch/" + "0" * 32, {"GET", "HEAD", "DELETE"}),
        ("OPTIONS", "/api/health", {"GET", "HEAD"}),
    ],
)
def test_a_method_that_is_not_taken_names_those_that_are(port, method, path, allowed):
    status, headers, _ = asked(port, path, method)
    assert status == 405 and set(headers["allow"].split(", ")) == allowed


def test_answers_do_not_wait_for_an_acknowledgement():
    """asyncio turns the delay off where a socket says that it is TCP; one that did not cost 40 ms an answer."""
    from kido.face.cli.serve import _listening

    with _listening("127.0.0.1", 0) as listening:
        assert listening.proto == socket.IPPROTO_TCP
        with socket.create_connection(listening.getsockname()):
            accepted, _ = listening.accept()
            assert accepted.proto == socket.IPPROTO_TCP
            accepted.close()

"""The network of these tests has no outside, and neither browser nor desk looks for one."""

from __future__ import annotations

import subprocess
import sys

import pytest
from playwright.sync_api import Error

from tests.browser.serving import watching

TRY = """
import socket
for address in (("192.0.2.1", 443), ("2001:db8::1", 443), ("example.org", 443)):
    try:
        socket.create_connection(address, 3).close()
    except OSError as error:
        print(type(error).__name__)
    else:
        print("REACHED", address)
"""


def test_there_is_no_way_out_of_the_network(closed):
    shown = subprocess.run(closed.inside(["ip", "-oneline", "link"]), capture_output=True, text=True, check=True).stdout
    assert [line.split(": ")[1] for line in shown.splitlines()] == ["lo"]
    for family in ("-4", "-6"):
        routes = subprocess.run(closed.inside(["ip", family, "route"]), capture_output=True, text=True, check=True).stdout
        assert "via" not in routes and "default" not in routes
    tried = subprocess.run(closed.inside([sys.executable, "-c", TRY]), capture_output=True, text=True, check=True).stdout.split()
    assert tried == ["OSError", "OSError", "gaierror"]


def test_the_browser_gets_nowhere_but_to_the_desk(chromium, desk):
    for url in ("http://192.0.2.1/", "https://example.org/", "http://[2001:db8::1]/"):
        page = chromium.new_page()
        with pytest.raises(Error, match=r"ERR_INTERNET_DISCONNECTED|ERR_ADDRESS_UNREACHABLE|ERR_NAME_NOT_RESOLVED"):
            page.goto(url)
        page.close()
    page = chromium.new_page()
    assert page.goto(f"{desk.origin}/").status == 200
    page.close()


def test_a_desk_that_looked_outside_would_be_seen(closed, tmp_path):
    """What watches the desk: this program does what a desk must not do."""
    calls = tmp_path / "calls.txt"
    subprocess.run(closed.inside([sys.executable, "-c", TRY]), env=watching(calls), capture_output=True, check=True)
    told = calls.read_text(encoding="utf-8")
    for address in ("192.0.2.1", "2001:db8::1", "example.org"):
        assert address in told

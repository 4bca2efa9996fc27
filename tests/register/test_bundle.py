"""Signed registers: what goes in comes out equal; what is wrong is refused by name, and the register in use stays as it was."""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import stat
import subprocess
import sys
import threading
import warnings
import zipfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

import kido
from kido.errors import KidoError
from kido.face.cli import versions as versions_cli
from kido.register import bundle, fetch, keys, store, versions
from kido.register.load import load
from kido.terms import ground
from kido.terms.vocabulary import read_terms

ROOT = Path(__file__).resolve().parents[2]
ACT = "law/cn/2025/test-7.yaml"
FACTS = {"act": "export", "from": "CN", "to": "JP", "origin": "CN", "form": "metal", "element": "Sm"}

LAW = """\
id: cn-test-2025-7
jurisdiction: CN
authority: [MOFCOM]
kind: licence
title: {zh: 决定, ja: 決定, en: Decision}
published: 2025-04-04
effective: 2025-05-04
confidence: high
sources:
  - {url: "https://example.org", publisher: MOFCOM, kind: copy, read: full, seen: 2026-11-23}
items:
  - code: "1C902.a.1"
    name: {ja: 金属サマリウム, en: samarium metal}
    when: form == "metal" and element == "Sm"
    text: "1C902.a.1"
measures:
  - no: 1
    title: {ja: 許可, en: licence}
    kind: licence
    gate: dual_use
    when: exported_from == "CN" and destination != "CN"
    covers: all
    text: body
    outcome: licence_required
events:
  - {suspend: cn-test-2025-7/1, from: 2025-11-07, until: 2026-11-10}
"""
WATCH = """\
jurisdiction: CN
verified: 2026-11-20
newest_source: 2026-10-08
covers_from: 2025-01-01
depth: register
reach: exported_from == "CN"
reach_text: {ja: 中国から出る貨物, en: goods that leave China}
held: [{ja: 1件, en: one act}]
not_held: [{ja: ほか, en: the rest}]
open_questions: []
"""
CASE = """\
- name: samarium metal
  on: 2025-06-01
  facts: {act: export, from: CN, to: JP, form: metal, element: Sm}
  expect: {cn-test-2025-7/1: applies}
  why: the item names it
"""
TERMS = {f"law/terms/{path.name}": path.read_bytes() for path in (ROOT / "law" / "terms").glob("*.csv")}
SMALL = {ACT: LAW, "law/cn/watch.yaml": WATCH, "law/LICENCE.md": "Ours.", "cases/cn/2025/test-7.yaml": CASE}


def laid(root: Path, changes: dict[str, str | None] | None = None) -> Path:
    """A small ground: one act, its watch file, one case, the words of the house."""
    for name, text in (SMALL | TERMS | (changes or {})).items():
        if text is not None:
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return root


@pytest.fixture(scope="module")
def press(tmp_path_factory) -> Path:
    """What a publisher has, made once: a small register that ships, a key, and a newer register as a bundle."""
    folder = tmp_path_factory.mktemp("press")
    keys.make_key(folder / "key")
    laid(folder / "shipped")
    return folder


@pytest.fixture(autouse=True)
def home(tmp_path, press, monkeypatch) -> Path:
    """A user of their own; the real folders are never touched."""
    monkeypatch.setenv("KIDO_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("KIDO_CACHE", str(press / "cache"))
    monkeypatch.setenv("no_proxy", "*")
    monkeypatch.delenv("KIDO_GROUND", raising=False)
    monkeypatch.setattr(ground, "PACKAGE", press / "shipped" / "kido")
    store.forget()
    yield tmp_path
    store.forget()


@pytest.fixture
def key(home, press) -> Path:
    """A key that is trusted."""
    keys.trust("publisher", press / "key.pub")
    return press / "key"


def made(home: Path, key: Path, changes: dict[str, str | None] | None = None, name: str = "new") -> bundle.Bundle:
    """A bundle in `out`; the one without changes is made once and copied."""
    root, out = (home / name, home / "out") if changes or name != "new" else (key.with_name("new"), key.with_name("out"))
    kept = [] if changes else list(out.glob("*.zip"))
    if not kept:
        laid(root, {"law/cn/watch.yaml": WATCH.replace("2026-11-20", "2026-12-01")} | (changes or {}))
        return bundle.make(key, out, root / "law", root / "cases")
    with kept[0].open("rb") as file:
        public = {"publisher": keys.read_public(key.with_suffix(".pub"))}
        return replace(bundle.opened(file, "out", public), path=kept[0])


def signed(files: dict[str, bytes], key: Path, /, **stated: object) -> dict[str, bytes]:
    """These files under a manifest that fits them, signed: what a publisher could sign by mistake."""
    files = {name: data for name, data in files.items() if name not in ("manifest.json", "manifest.sig")}
    with_folder = {name: data for name, data in files.items() if name.startswith("law/")}
    digest = hashlib.sha256()
    for name in sorted(n for n in with_folder if n.endswith(".yaml")) + sorted(n for n in with_folder if n.endswith(".csv")):
        digest.update(name.removeprefix("law/").encode() + b"\0" + files[name] + b"\0")
    manifest = {
        "format": 1, "needs": "0.1.0", "made_with": "0.1.0", "version": digest.hexdigest()[:12], "content": digest.hexdigest(),
        "files": {name: hashlib.sha256(data).hexdigest() for name, data in files.items()},
    }  # fmt: skip
    text = json.dumps(manifest | stated).encode()
    return files | {"manifest.json": text, "manifest.sig": keys.sign(text, key)}


def file_of(home: Path, files: dict[str, bytes] | bytes) -> Path:
    path = home / "given.zip"
    path.write_bytes(files if isinstance(files, bytes) else bundle.pack(files))
    return path


def refused(home: Path, files: dict[str, bytes] | bytes | Path | str) -> list[tuple[str, str]]:
    """Codes and what was read; the register in use and the data folder must stay as they were."""
    before, version = snapshot(home / "data"), store.shipped_version()
    with pytest.raises(KidoError) as error:
        versions.pull(files if isinstance(files, Path | str) else file_of(home, files))
    for problem in error.value.problems:
        for lang in ("ja", "en"):
            assert problem.wrong(lang) and problem.do(lang) and "–" not in problem.text(lang)
    store.forget()
    assert store.register().version == version
    assert snapshot(home / "data") == before
    return [(problem.code, problem.read) for problem in error.value.problems]


def snapshot(folder: Path) -> dict[str, bytes]:
    """Every file, without the lock and without the first pull's record that the shipped register is in use."""
    kept = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    return {
        name: path.read_bytes()
        for name, path in kept.items()
        if name != "lock" and not (name == "register.json" and b"shipped" in path.read_bytes())
    }


def zipped(files: dict[str, bytes], compression: int = zipfile.ZIP_STORED, **odd: bytes) -> bytes:
    """A zip as another program would write it; names of `odd` come as they are."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as packed:
        for name, data in [*files.items(), *odd.items()]:
            packed.writestr(zipfile.ZipInfo(name), data, compress_type=compression)
    return buffer.getvalue()


# -- round trip ---------------------------------------------------------------------------------


def test_what_goes_in_comes_out_equal(home, key):
    out = made(home, key)
    pulled = versions.pull(out.path)
    assert pulled.version == out.version and pulled.sha256 == out.sha256 == hashlib.sha256(out.path.read_bytes()).hexdigest()
    law = key.with_name("new") / "law"
    assert load(pulled.path / "law", read_terms(pulled.path / "law" / "terms"), "v") == load(law, read_terms(law / "terms"), "v")
    with store.at(out.version):
        assert store.register() == load(law, read_terms(law / "terms"), store.content_hash(law)[:12])
    again, sha256 = versions.export(out.version, home / "again")
    assert again.read_bytes() == out.path.read_bytes() and sha256 == out.sha256 and again.name == f"kido-register-{out.version}.zip"


def test_the_register_of_the_house_round_trips(home, key, monkeypatch):
    monkeypatch.undo()
    monkeypatch.setenv("KIDO_DATA", str(home / "data"))
    shutil.copytree(ground.ground("law"), home / "real" / "law")  # others may write while we read
    shutil.copytree(ground.ground("cases"), home / "real" / "cases")
    monkeypatch.setenv("KIDO_GROUND", str(home / "real"))
    monkeypatch.setenv("KIDO_CACHE", str(home / "cache"))
    store.forget()
    out = bundle.make(key, home / "out")
    pulled = versions.pull(out.path)
    assert pulled.manifest["jurisdictions"]["CN"]["acts"] > 20 and not [name for name in pulled.files if name.endswith(".py")]
    now = store.register()
    with store.at(out.version):
        assert store.register() == now
        assert store.register() is not now or now.version == out.version
    monkeypatch.delenv("KIDO_GROUND")
    versions.use(out.version)
    assert ground.ground("law") == home / "data" / "registers" / out.version / "law" and store.register() == now
    store.forget()


def test_the_same_content_gives_the_same_bytes(home, key):
    first, new = made(home, key).path.read_bytes(), key.with_name("new")
    for path in new.rglob("*.yaml"):
        os.utime(path, (1, 1))
    assert bundle.make(key, home / "again", new / "law", new / "cases").path.read_bytes() == first
    packed = zipfile.ZipFile(io.BytesIO(first))
    assert packed.namelist() == sorted(packed.namelist())
    assert {info.date_time for info in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_the_manifest_says_what_it_is(home, key):
    out = made(home, key)
    manifest = json.loads(out.files["manifest.json"])
    assert manifest["version"] == manifest["content"][:12] == out.version and manifest["verified"] == "2026-12-01"
    counts = {"acts": 1, "measures": 1, "items": 1, "events": 1, "verified": "2026-12-01", "newest_source": "2026-10-08"}
    assert manifest["jurisdictions"] == {"CN": counts}
    assert all(out.version in manifest["cite"][lang] and manifest["content"] in manifest["cite"][lang] for lang in ("ja", "en"))
    assert set(manifest["files"]) == set(SMALL) | set(TERMS)
    assert "Apache-2.0" in manifest["licence"] and manifest["needs"]


def test_only_a_register_that_loads_is_signed(home, key):
    with pytest.raises(KidoError) as error:
        made(home, key, {ACT: LAW.replace("cn-test-2025-7/1, from", "cn-none-2025-1, from")})
    assert [problem.code for problem in error.value.problems] == ["unknown-reference"]
    with pytest.raises(KidoError) as error:
        made(home, key, {"law/cn/.hidden.yaml": LAW}, "hidden")
    assert [(p.code, p.read) for p in error.value.problems] == [("bundle-unsafe-name", "law/cn/.hidden.yaml")]
    assert not (home / "out").exists()


# -- keys ---------------------------------------------------------------------------------------


def test_a_key_is_made_for_its_owner_only(home):
    shown = keys.make_key(home / "mine")
    assert keys.fingerprint(keys.read_public(home / "mine.pub")) == shown
    if os.name != "nt":
        assert stat.S_IMODE((home / "mine").stat().st_mode) == 0o600
    with pytest.raises(KidoError) as error:
        keys.make_key(home / "mine")
    assert error.value.problems[0].code == "key-exists"


def test_nothing_is_trusted_by_default(home, key):
    out = made(home, key)
    keys.distrust("publisher")
    [(code, read)] = refused(home, out.path)
    assert (code, read) == ("bundle-untrusted", out.fingerprint)
    assert keys.trust("another", key.with_suffix(".pub").read_text()) == read
    assert versions.pull(out.path).signer == "another"


def test_a_name_keeps_its_key(home, key):
    keys.make_key(home / "other")
    for wrong, code in ((("publisher", home / "other.pub"), "key-exists"), (("../x", home / "other.pub"), "not-a-key-name"),
                        (("x", home / "other"), "not-a-key"), (("x", home / "none"), "not-a-key"), (("x", "kido-ed25519 AAAA"), "not-a-key")):  # fmt: skip
        with pytest.raises(KidoError) as error:
            keys.trust(*wrong)
        assert error.value.problems[0].code == code
        assert "private A" not in str(error.value)
    assert keys.trust("publisher", key.with_suffix(".pub")) == keys.fingerprint(keys.trusted()["publisher"])
    with pytest.raises(KidoError) as error:
        keys.distrust("publsher")
    assert "publisher" in error.value.problems[0].wrong("en")


def test_a_register_cannot_be_signed_with_a_public_key(home, key):
    with pytest.raises(KidoError) as error:
        bundle.make(key.with_suffix(".pub"), home / "out")
    assert error.value.problems[0].code == "not-a-key"


# -- damaged or forged --------------------------------------------------------------------------


def flipped(data: bytes, at: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


@pytest.mark.parametrize(
    ("name", "code"), [(ACT, "bundle-checksum"), ("manifest.json", "bundle-signature"), ("manifest.sig", "bundle-signature")]
)
def test_one_bit_is_noticed(home, key, name, code):
    out = made(home, key)
    data = out.path.read_bytes()
    spot = data.index(out.files[name]) + len(out.files[name]) // 2
    assert refused(home, flipped(data, spot)) == [("bundle-checksum", name)]  # by the zip itself
    changed = flipped(out.files[name], len(out.files[name]) // 2)
    [(found, read)] = refused(home, out.files | {name: changed})  # and where the zip was made to fit
    assert found == code and read in (name, "manifest.sig")


def test_every_bit_of_the_signature_counts(home, key):
    out = made(home, key)
    for at in range(0, len(out.files["manifest.sig"]), 7):
        try:
            bundle.checked(out.files | {"manifest.sig": flipped(out.files["manifest.sig"], at)}, "x", keys.trusted())
        except KidoError as error:
            assert error.problems[0].code in ("bundle-signature", "bundle-untrusted")
        else:
            pytest.fail(f"byte {at}")


def test_a_file_that_is_missing_or_too_many(home, key):
    out = made(home, key)
    without = {name: data for name, data in out.files.items() if name != ACT}
    assert refused(home, without) == [("bundle-missing-file", ACT)]
    assert refused(home, out.files | {"law/cn/more.yaml": b"id: x"}) == [("bundle-unexpected-file", "law/cn/more.yaml")]
    for name in ("manifest.json", "manifest.sig"):
        assert refused(home, {n: d for n, d in out.files.items() if n != name}) == [("bundle-missing-file", name)]
    both = without | {"law/cn/more.yaml": b"", "law/cn/watch.yaml": b""}
    assert {code for code, _ in refused(home, both)} == {"bundle-missing-file", "bundle-unexpected-file", "bundle-checksum"}


@pytest.mark.parametrize(
    "name",
    [
        "../law/x.yaml", "law/../../x.yaml", "/etc/x.yaml", "C:/x.yaml", "law\\..\\x.yaml", "law/cn/x.py", "law/", "law/.x.yaml", "x.yaml", "law//x.yaml",
        "cases/x.yaml/..", "manifest.json/x.yaml", f"{ACT}/x.yaml", "law/x.yaml\n", "law/cn/告示.yaml",
    ],
)  # fmt: skip
def test_names_that_leave_the_folder_are_refused(home, key, name):
    files = made(home, key).files
    found = refused(home, zipped(signed(files | {name: b""}, key)))
    assert {code for code, _ in found} == {"bundle-unsafe-name"}
    assert not (home / "x.yaml").exists() and not (home / "data" / "x.yaml").exists()


def test_links_are_refused(home, key):
    buffer = io.BytesIO(made(home, key).path.read_bytes())
    with zipfile.ZipFile(buffer, "a") as packed:
        link = zipfile.ZipInfo("law/cn/link.yaml")
        link.create_system, link.external_attr = 3, 0o120777 << 16
        packed.writestr(link, "/etc/passwd")
    assert refused(home, buffer.getvalue()) == [("bundle-unsafe-name", "law/cn/link.yaml (120000)")]


@pytest.mark.parametrize("name", [ACT, ACT.replace("test", "TEST")])
def test_a_name_twice(home, key, name):
    buffer = io.BytesIO(made(home, key).path.read_bytes())
    with warnings.catch_warnings(), zipfile.ZipFile(buffer, "a") as packed:
        warnings.simplefilter("ignore")
        packed.writestr(zipfile.ZipInfo(name), b"")
    assert refused(home, buffer.getvalue()) == [("bundle-name-twice", ACT)]


def test_a_list_of_names_that_is_too_long(home, key, monkeypatch):
    out = made(home, key)
    monkeypatch.setattr(bundle, "MOST_FILES", 3)
    assert [code for code, _ in refused(home, out.path)] == ["bundle-too-large"]
    monkeypatch.setattr(bundle, "MOST_DIRECTORY", 100)
    assert [code for code, _ in refused(home, out.path)] == ["bundle-not-a-zip"]
    assert refused(home, out.path.read_bytes() + b"more")[0][0] == "bundle-not-a-zip"


def test_zips_that_unfold_are_refused(home, key):
    files = made(home, key).files
    assert ("bundle-compressed", "law/big.yaml") in refused(
        home, zipped(files | {"law/big.yaml": bytes(1_000_000)}, zipfile.ZIP_DEFLATED)
    ) or (refused(home, zipped(files | {"law/big.yaml": bytes(9_000_000)}, zipfile.ZIP_DEFLATED))[0][0] == "bundle-too-large")
    assert {code for code, _ in refused(home, zipped({"law/a.yaml": os.urandom(2000)}, zipfile.ZIP_DEFLATED))} == {"bundle-compressed"}


@pytest.mark.parametrize("data", [b"", b"no zip", b"PK\x05\x06" + bytes(18), b"PK\x03\x04" + bytes(100)])
def test_what_is_no_zip(home, key, data):
    assert refused(home, data)[0][0] in ("bundle-not-a-zip", "bundle-missing-file")


def test_a_zip_cut_off(home, key):
    data = made(home, key).path.read_bytes()
    for part in (1, 2, 3):
        assert refused(home, data[: len(data) * part // 4])[0][0] == "bundle-not-a-zip"


def test_any_damage_is_refused_by_name(home, key):
    data = made(home, key).path.read_bytes()
    for at in range(0, len(data), len(data) // 150):
        try:
            found = bundle.opened(io.BytesIO(data[:at] + bytes([data[at] ^ 0x55]) + data[at + 1 :]), "x", keys.trusted())
        except KidoError:
            continue
        assert bundle.pack(found.files) == data, at  # a byte the zip itself does not use


# -- a register that is wrong, signed all the same ------------------------------------------------


def act(**changes: str) -> dict[str, bytes]:
    text = LAW
    for old, new in changes.values():
        assert old in text
        text = text.replace(old, new)
    return {ACT: text.encode()}


ITEM = LAW[LAW.index("  - code:") : LAW.index("measures:")]


@pytest.mark.parametrize(
    ("files", "code", "read"),
    [
        ({"law/cn/2025/test-8.yaml": LAW.encode()}, "duplicate-id", "cn-test-2025-7"),
        (act(a=("{suspend: cn-test-2025-7/1", "{suspend: cn-none-2025-1")), "unknown-reference", "cn-none-2025-1"),
        (act(a=(ITEM, ITEM + ITEM)), "duplicate-id", "1C902.a.1"),
        (act(a=("until: 2026-11-10", "until: 2024-11-10")), "dates-in-wrong-order", "suspend: 2025-11-07 > 2024-11-10"),
        (act(a=("effective: 2025-05-04", "effective: 2025-02-30")), "not-a-date", "2025-02-30"),
        (act(a=("confidence: high", "confidence: high\nsurprise: 1")), "unknown-key", "surprise"),
        ({ACT: b"\xff\xfe"}, "not-utf-8", ""),
        ({ACT: b"[" * 50}, "yaml-syntax", ""),
        ({"cases/cn/2025/test-7.yaml": CASE.replace("why:", "wy:").encode()}, "unknown-key", "wy"),
        ({"law/terms/places.csv": b"nothing\n1\n"}, "missing-column", None),
        ({"law/terms/place_groups.csv": TERMS["law/terms/place_groups.csv"].replace(b"20", b"99-", 1)}, "not-a-date", None),
        ({"law/terms/facts.csv": b"\x00\xff"}, "not-utf-8", None),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_wrong_register_is_refused_by_its_own_error(home, key, files, code, read):
    found = refused(home, signed(made(home, key).files | files, key))
    assert code in [c for c, _ in found] and (read is None or (code, read) in found)


def test_the_place_names_the_bundle(home, key):
    given = file_of(home, signed(made(home, key).files | act(a=("cn-test-2025-7/1, from", "cn-none-2025-1, from")), key))
    with pytest.raises(KidoError) as error:
        versions.pull(given)
    assert [problem.place for problem in error.value.problems] == [f"given.zip: {ACT}:1:5"]


def test_a_newer_format_asks_for_a_newer_kido(home, key):
    files = made(home, key).files
    assert [code for code, _ in refused(home, signed(files, key, format=2))] == ["bundle-newer"]
    assert [code for code, _ in refused(home, signed(files, key, needs="99.0.0"))] == ["bundle-newer"]
    unknown = files | act(a=("confidence: high", "confidence: high\nsurprise: 1"))
    codes = [code for code, _ in refused(home, signed(unknown, key, made_with="99.0.0"))]
    assert codes[0] == "register-of-another-kido" and set(codes[1:]) == {"unknown-key"}
    assert versions.pull(file_of(home, signed(files, key, made_with="99.0.0"))).version  # newer, but it loads


@pytest.mark.parametrize(
    "stated",
    [
        {"format": "1"},
        {"version": "../../x"},
        {"files": []},
        {"files": {"law/x.yaml": 1}},
        {"needs": None},
        {"content": "0" * 64},
        {"made_with": 1},
    ],
)
def test_a_manifest_that_is_none(home, key, stated):
    assert refused(home, signed(made(home, key).files, key, **stated)) == [("bundle-format", "manifest.json")]


def test_a_version_that_is_not_the_content(home, key):
    out = made(home, key)
    assert refused(home, signed(out.files, key, version="0" * 12, content="0" * 64)) == [("bundle-version", "0" * 12)]


# -- from an address ------------------------------------------------------------------------------


@pytest.fixture
def server(press):
    """A server on this machine: the bundle, and ways to fail."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            name = self.path.strip("/")
            if name == "away":
                self.send_response(302)
                self.send_header("Location", "file:///etc/passwd")
                return self.end_headers()
            file = press / "out" / name.removeprefix("cut/").removeprefix("plain/")
            if not file.is_file():
                return self.send_error(404)
            data = file.read_bytes()
            self.send_response(200)
            if not name.startswith("plain/"):
                self.send_header("Content-Length", str(len(data) + 100 * name.startswith("cut/")))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_):
            pass

    running = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield f"http://127.0.0.1:{running.server_port}"
    running.shutdown()
    running.server_close()


def test_pull_from_an_address(home, key, server):
    out = made(home, key)
    size, seen = out.path.stat().st_size, []
    assert versions.pull(f"{server}/{out.path.name}", lambda done, total: seen.append((done, total))).sha256 == out.sha256
    assert seen[-1] == (size, size) and seen == sorted(seen)
    assert versions.pull(f"{server}/plain/{out.path.name}").version == out.version
    assert versions.pull(out.path.as_uri()).version == out.version


def test_addresses_that_fail(home, key, server, monkeypatch):
    out = made(home, key)
    for address in (
        f"{server}/none.zip",
        f"{server}/away",
        f"{server}/cut/{out.path.name}",
        "http://127.0.0.1:1/x.zip",
        "ftp://127.0.0.1/x",
        "http://[x",
    ):
        assert refused(home, address) == [("url-failed", address)]
    assert refused(home, home / "none.zip") == [("no-such-bundle", str(home / "none.zip"))]
    assert refused(home, home) == [("no-such-bundle", str(home))]
    monkeypatch.setattr(fetch, "MOST_BYTES", 1000)
    for address in (f"{server}/{out.path.name}", f"{server}/plain/{out.path.name}", str(out.path)):
        assert refused(home, address) == [("bundle-too-large", address)]


# -- kept and chosen ------------------------------------------------------------------------------


def test_use_and_back(home, key):
    shipped = store.register().version
    out = made(home, key)
    versions.pull(out.path)
    assert store.register().version == shipped  # pulling changes nothing
    assert versions.use(out.version).in_use
    assert kido.determine(FACTS, on="2025-06-01").version == out.version
    assert ground.ground("cases").parent.name == out.version
    assert versions.use("shipped").name == "shipped"
    assert kido.determine(FACTS, on="2025-06-01").version == shipped
    listed = {v.name: v for v in versions.versions()}
    assert set(listed) == {"shipped", out.version} and listed["shipped"].in_use and not listed[out.version].in_use
    assert listed[out.version].signer == "publisher" and listed[out.version].stated["jurisdictions"]["CN"]["acts"] == 1
    assert listed["shipped"].version == shipped and listed["shipped"].stated["verified"] == "2026-11-20"


def test_the_choice_holds_for_the_next_run(home, key):
    out = made(home, key)
    versions.pull(out.path)
    versions.use(out.version)
    code = "from kido.register import store; print(store.register().version)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == out.version


def test_an_old_answer_can_be_repeated(home, key):
    old = made(home, key)
    versions.pull(old.path)
    versions.use(old.version)
    before = kido.determine(FACTS, on="2025-06-01")
    newer = made(home, key, {ACT: LAW.replace('destination != "CN"', 'destination == "KR"')}, "newer")
    versions.pull(newer.path)
    versions.use(newer.version)
    assert kido.determine(FACTS, on="2025-06-01").finding("cn-test-2025-7/1").word == "does not apply"
    with store.at(before.version):
        again = kido.determine(FACTS, on="2025-06-01")
        assert (again.findings, again.answer, again.version) == (before.findings, before.answer, before.version)
        assert ground.ground("cases").parent.name == old.version
        with store.at("shipped"):
            assert store.register().version == store.shipped_version()
        with ThreadPoolExecutor() as pool:  # for this thread only
            assert pool.submit(lambda: store.register().version).result() == newer.version
    assert store.register().version == newer.version
    with store.at(store.shipped_version()):
        assert store.register().version == store.shipped_version()
    assert {v.name for v in versions.versions()} == {"shipped", old.version, newer.version}


def test_asked_by_name_goes_before_the_environment(home, key, monkeypatch):
    out = made(home, key)
    versions.pull(out.path)
    versions.use(out.version)
    monkeypatch.setenv("KIDO_GROUND", str(laid(home / "tried", {"law/cn/watch.yaml": WATCH.replace("2026-11-20", "2026-11-21")})))
    store.forget()
    tried = store.register().version
    assert tried not in (out.version, store.shipped_version())
    for version in (out.version, store.shipped_version(), tried):
        with store.at(version):
            assert store.register().version == version


def test_a_shipped_register_that_does_not_load_is_listed_so(home, key, monkeypatch):
    versions.pull(made(home, key).path)
    monkeypatch.setattr(ground, "PACKAGE", laid(home / "broken", {ACT: LAW.replace("kind: licence", "kind: bread")}) / "kido")
    store.forget()
    listed = versions.versions()
    assert [v.problem is not None for v in listed] == [True, False] and listed[0].in_use
    with pytest.raises(KidoError, match="unknown-value"):
        versions.use("shipped")


def test_versions_that_are_not_there(home, key):
    out = made(home, key)
    versions.pull(out.path)
    wrong = flipped(out.version.encode(), 0).decode()
    for ask in (versions.use, versions.remove, lambda v: versions.export(v, home), lambda v: store.at(v).__enter__()):
        for version in (wrong, "", "..", "../registers"):
            with pytest.raises(KidoError) as error:
                ask(version)
            assert (error.value.problems[0].code, error.value.problems[0].read) == ("no-such-version", version)
            assert out.version in str(error.value)
    with pytest.raises(KidoError, match=r'Did you mean "shipped"\?'):
        versions.use(store.shipped_version())


def test_remove(home, key):
    out = made(home, key)
    versions.pull(out.path)
    versions.use(out.version)
    for version in ("shipped", out.version):
        with pytest.raises(KidoError) as error:
            versions.remove(version)
        assert error.value.problems[0].code == "version-in-use"
    versions.use("shipped")
    versions.remove(out.version)
    assert [v.name for v in versions.versions()] == ["shipped"] and not list((home / "data" / "registers").iterdir())


@pytest.mark.parametrize("damage", ["changed", "missing", "table", "folder"])
def test_a_damaged_register_never_answers(home, key, damage):
    out = made(home, key)
    kept = versions.pull(out.path).path
    versions.use(out.version)
    if damage == "changed":
        (kept / ACT).write_text(LAW.replace("licence_required", "outside"), encoding="utf-8")
    elif damage == "missing":
        (kept / ACT).unlink()
    elif damage == "table":
        (kept / "law" / "terms" / "places.csv").write_bytes(b"")
    else:
        shutil.rmtree(kept / "law")
    store.forget()
    for ask in (store.register, lambda: kido.determine(FACTS, on="2025-06-01"), lambda: versions.use(out.version)):
        with pytest.raises(KidoError) as error:
            ask()
        assert (error.value.problems[0].code, error.value.problems[0].read) == ("register-damaged", out.version)
    assert [v.problem is not None for v in versions.versions()] == [False, True]
    versions.pull(out.path)  # mends it
    assert store.register().version == out.version


def test_a_damaged_manifest_is_told(home, key):
    out = made(home, key)
    kept = versions.pull(out.path).path
    (kept / "manifest.json").write_text("{}", encoding="utf-8")
    with pytest.raises(KidoError) as error:
        versions.use(out.version)
    assert [p.code for p in error.value.problems] == ["register-damaged", "bundle-signature"]
    assert versions.versions()[1].problem


def test_a_register_whose_key_is_no_longer_trusted(home, key):
    out = made(home, key)
    versions.pull(out.path)
    keys.distrust("publisher")
    listed = versions.versions()[1]
    assert listed.problem.problems[0].code == "bundle-untrusted" and listed.stated["verified"] == "2026-12-01" and not listed.signer
    for ask in (versions.use, lambda version: store.at(version).__enter__(), lambda version: kido.diff_versions("shipped", version)):
        with pytest.raises(KidoError) as error:
            ask(out.version)
        assert [(p.code, p.read) for p in error.value.problems] == [("bundle-untrusted", out.fingerprint)]
    assert store.distrusted() is None and store.register().version == store.shipped_version()  # it was not in use
    keys.trust("again", key.with_suffix(".pub"))
    with store.at(out.version):
        assert store.register().version == out.version and store.distrusted() is None


def test_a_register_in_use_whose_key_is_no_longer_trusted_answers_and_says_so(home, key, monkeypatch, capsys):
    out = made(home, key)
    kept = versions.pull(out.path).path
    versions.use(out.version)
    assert store.distrusted() is None
    versions_cli.trust("publisher", None, True, "en")
    assert "no longer trusted" in capsys.readouterr().out
    assert kido.determine(FACTS, on="2025-06-01").version == out.version
    found = store.distrusted()
    assert (found.code, found.read) == ("register-distrusted", out.version)
    for lang in ("ja", "en"):
        assert out.fingerprint in found.wrong(lang) and "kido register use shipped" in found.do(lang)
    listed = versions.versions()[1]
    assert listed.in_use and listed.problem.problems[0].code == "bundle-untrusted"
    versions_cli.versions("en", False, None, None)
    shown = " ".join(capsys.readouterr().out.split())
    assert "in use" in shown and "bundle-untrusted" in shown and "not trusted here" in shown
    versions_cli.versions("en", True, None, None)
    assert [p["code"] for p in json.loads(capsys.readouterr().out)[1]["problems"]] == ["bundle-untrusted"]
    (home / "data" / "keys" / "damaged.pub").write_text("nothing", encoding="utf-8")
    assert store.distrusted().read == out.version  # and a damaged key file stops no answer
    (home / "data" / "keys" / "damaged.pub").unlink()
    monkeypatch.setenv("KIDO_GROUND", str(key.with_name("shipped")))
    store.forget()
    assert store.distrusted() is None  # another register answers
    monkeypatch.delenv("KIDO_GROUND")
    store.forget()
    keys.trust("again", key.with_suffix(".pub"))
    assert store.distrusted() is None
    (kept / "manifest.sig").unlink()
    assert store.distrusted().read == out.version
    versions.use("shipped")
    assert store.distrusted() is None


def test_asking_for_the_signer_loads_no_cryptography(home, key):
    out = made(home, key)
    versions.pull(out.path)
    versions.use(out.version)
    keys.distrust("publisher")
    code = "import sys; from kido.register import store; print(store.distrusted().read, 'nacl' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.split() == [out.version, "False"]


def test_going_back_to_an_older_register_is_said(home, key, capsys):
    newer = made(home, key)  # checked on 2026-12-01, the shipped one on 2026-11-20
    versions.pull(newer.path)
    versions_cli.use(newer.version, "en")
    assert "2026" not in capsys.readouterr().out
    assert versions.use(newer.version).instead_of == ""
    versions_cli.use("shipped", "en")
    shown = " ".join(capsys.readouterr().out.split())
    assert "checked on 2026-11-20" in shown and "2026-12-01" in shown
    assert versions.use(newer.version).instead_of == ""
    older = made(home, key, {"law/cn/watch.yaml": WATCH.replace("2026-11-20", "2025-01-31")}, "older")
    versions.pull(older.path)
    assert versions.use(older.version).instead_of == "2026-12-01"
    shutil.rmtree(home / "data" / "registers" / older.version)  # what was in use cannot be told: nothing is claimed
    assert versions.use("shipped").instead_of == ""


def test_a_kept_register_that_this_kido_no_longer_reads(home, key, monkeypatch):
    out = made(home, key)
    versions.pull(out.path)
    shutil.rmtree(key.with_name("cache"))  # a newer kido has another compiled form

    def needs_more(folder: Path):
        raise FileNotFoundError(folder / "new_table.csv")

    monkeypatch.setattr(store, "read_terms", needs_more)
    with store.at(out.version), pytest.raises(KidoError) as error:
        store.register()
    assert [p.code for p in error.value.problems] == ["register-of-another-kido"] and "0.1.0" in str(error.value)
    with pytest.raises(KidoError, match="register-of-another-kido"):
        versions.use(out.version)
    assert ground.chosen() == "shipped"


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"version": "../../x"}', '{"version": 1}', '{"version": "sh', None])
def test_a_lost_choice_is_an_error_not_another_register(home, key, text):
    out = made(home, key)
    versions.pull(out.path)
    file = home / "data" / "register.json"
    if text is None:
        file.unlink()
    else:
        file.write_text(text, encoding="utf-8")
    store.forget()
    for ask in (store.register, lambda: versions.remove(out.version)):
        with pytest.raises(KidoError) as error:
            ask()
        assert error.value.problems[0].code == "register-choice"
        assert "kido register use" in error.value.problems[0].do("en")
    assert [v.in_use for v in versions.versions()] == [False, False]
    versions.use("shipped")
    assert store.register().version == store.shipped_version()


def test_a_chosen_version_that_is_gone(home, key):
    out = made(home, key)
    kept = versions.pull(out.path).path
    versions.use(out.version)
    shutil.rmtree(kept)
    store.forget()
    with pytest.raises(KidoError) as error:
        store.register()
    assert error.value.problems[0].code == "no-such-version"


# -- killed, or at the same time --------------------------------------------------------------------


@pytest.mark.parametrize("at", ["lay", "loaded_as_stated", "_put"])
def test_a_run_killed_half_way_leaves_nothing(home, key, at):
    out = made(home, key)
    code = (
        "import os, sys\nfrom kido.register import versions\n"
        f"was = versions.{at}\n"
        f"versions.{at} = lambda *given: (was(*given) if '{at}' == 'lay' else None, os._exit(9))\n"
        f"versions.pull({str(out.path)!r})"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False, cwd=ROOT).returncode == 9
    assert [v.name for v in versions.versions()] == ["shipped"] and store.register().version == store.shipped_version()
    assert versions.pull(out.path).version == out.version
    assert [path.name for path in (home / "data" / "registers").iterdir()] == [out.version]


def test_many_pull_at_once(home, key):
    given = [made(home, key).path, made(home, key, {ACT: LAW.replace("body", "Art. 1")}, "second").path] * 3
    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(versions.pull, given))
    assert len({each.version for each in found}) == 2
    assert len(versions.versions()) == 3 and not any(v.problem for v in versions.versions())


def test_a_folder_that_cannot_be_written(home, key, monkeypatch):
    out = made(home, key)
    (home / "file").write_text("", encoding="utf-8")
    loaded = keys.trusted()
    monkeypatch.setattr(versions, "trusted", lambda: loaded)
    monkeypatch.setenv("KIDO_DATA", str(home / "file" / "below"))
    with pytest.raises(KidoError) as error:
        versions.pull(out.path)
    assert error.value.problems[0].code == "data-folder"
    with pytest.raises(KidoError) as error:
        bundle.written(out.files, out.version, home / "file")
    assert error.value.problems[0].code == "file-not-written"

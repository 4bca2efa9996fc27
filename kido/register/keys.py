"""Who may sign a register: private key files, trusted public keys, fingerprints. Ed25519, by PyNaCl.

    make_key(path)       a private key file (mode 600) and path.pub
    trust(name, key)     from now on, registers signed with this key may be pulled
    distrust(name)       no longer; what was pulled stays, and cannot be chosen anew or asked by name
    trusted()            name -> public key; nothing is trusted by default

A key file is one line of text: `kido-ed25519 <base64>`, the private one `kido-ed25519-private <base64>`.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import os
import re
from collections.abc import Mapping
from pathlib import Path

from kido.errors import KidoError, Problem
from kido.register.home import alone, write_whole
from kido.terms.ground import data_folder
from kido.terms.text import nearest

PUBLIC, PRIVATE = "kido-ed25519", "kido-ed25519-private"
ALGORITHM = "ed25519"

_NAME = re.compile(r"\w[\w.@-]{0,63}")


def fingerprint(key: bytes) -> str:
    """What two people compare to know that they hold the same public key.

    >>> fingerprint(bytes(32))
    '6668 7aad f862 bd77 6c8f c18b 8e9f 8e20'
    """
    text = hashlib.sha256(key).hexdigest()[:32]
    return " ".join(text[i : i + 4] for i in range(0, 32, 4))


def make_key(path: Path | str) -> str:
    """Make a new key: `path` (private, mode 600) and `path.pub`; the fingerprint is returned. Nothing is written over."""
    from nacl.signing import SigningKey

    path = Path(path)
    public = path.with_name(path.name + ".pub")
    if existing := next((file for file in (path, public) if file.exists()), None):
        raise KidoError(Problem("key-exists", str(existing), existing.name))
    seed = SigningKey.generate()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:  # noqa: PTH123
            file.write(_line(PRIVATE, bytes(seed)))
        public.write_bytes(_line(PUBLIC, bytes(seed.verify_key)))
    except OSError as error:
        raise KidoError(Problem("file-not-written", str(error.filename or path), path.name, {"why": error.strerror or ""})) from None
    return fingerprint(bytes(seed.verify_key))


def trust(name: str, key: str | Path) -> str:
    """Trust a public key (its line of text, or a `.pub` file) under a name; the fingerprint is returned."""
    if not _NAME.fullmatch(name):
        raise KidoError(Problem("not-a-key-name", "trust", name))
    public = read_public(key)
    with alone() as folder:
        file = folder / "keys" / f"{name}.pub"
        if file.exists() and read_public(file) != public:
            raise KidoError(Problem("key-exists", str(file), name))
        write_whole(file, _line(PUBLIC, public))
    return fingerprint(public)


def distrust(name: str) -> None:
    """No longer trust the key of that name."""
    names = [file.stem for file in _key_files()]
    if name not in names:
        raise KidoError(Problem("no-such-key", "trust", name, {"near": nearest(name, names)}))
    with alone() as folder:
        (folder / "keys" / f"{name}.pub").unlink(missing_ok=True)


def trusted() -> dict[str, bytes]:
    """The keys that are trusted, by name."""
    return {file.stem: read_public(file) for file in _key_files()}


def readable() -> dict[str, bytes]:
    """The trusted keys whose files can be read: a damaged one trusts nobody, and stops no answer."""
    found: dict[str, bytes] = {}
    for file in _key_files():
        try:
            found[file.stem] = read_public(file)
        except KidoError:
            continue
    return found


def _key_files() -> list[Path]:
    return sorted((data_folder() / "keys").glob("[!.]*.pub"))


def read_public(key: str | Path) -> bytes:
    """A public key from its line of text or from a file.

    >>> read_public("kido-ed25519 " + "A" * 43 + "=") == bytes(32)
    True
    """
    if isinstance(key, str) and key.startswith(PUBLIC):
        return _key(key, PUBLIC, "trust")
    return _key(_text(Path(key)), PUBLIC, str(key))


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""


def _line(kind: str, key: bytes) -> bytes:
    return f"{kind} {base64.b64encode(key).decode()}\n".encode()


def _key(text: str, kind: str, place: str) -> bytes:
    """The 32 bytes of a key's line; the line itself, which may be private, is never shown."""
    first, _, rest = text.strip().partition(" ")
    try:
        key = base64.b64decode(rest, validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if first != kind or len(key) != 32:
        raise KidoError(Problem("not-a-key", place, "", {"kind": kind}))
    return key


def sign(message: bytes, key_file: Path | str) -> bytes:
    """The signature file of a message: algorithm, public key, fingerprint, signature."""
    from nacl.signing import SigningKey

    seed = SigningKey(_key(_text(Path(key_file)), PRIVATE, str(key_file)))
    public = bytes(seed.verify_key)
    words = {
        "algorithm": ALGORITHM,
        "fingerprint": fingerprint(public),
        "key": base64.b64encode(public).decode(),
        "signature": base64.b64encode(seed.sign(message).signature).decode(),
    }
    return (json.dumps(words, indent=1) + "\n").encode()


def key_of(signature: bytes) -> bytes:
    """The public key that a signature file states, not verified; nothing if it states none.

    >>> key_of(b'{"key": "AAAA"}'), key_of(b"no JSON")
    (b'\\x00\\x00\\x00', b'')
    """
    try:
        return base64.b64decode(json.loads(signature)["key"], validate=True)
    except (ValueError, KeyError, TypeError, RecursionError):
        return b""


def signer(message: bytes, signature: bytes, trusted: Mapping[str, bytes], place: str) -> tuple[str, str]:
    """Name and fingerprint of the trusted key that signed the message; a wrong signature or an unknown key is refused."""
    from nacl.exceptions import BadSignatureError
    from nacl.signing import VerifyKey

    try:
        if len(signature) > 10_000:
            raise ValueError("long")
        words = json.loads(signature)
        key, made = base64.b64decode(words["key"], validate=True), base64.b64decode(words["signature"], validate=True)
        if words["algorithm"] != ALGORITHM or words["fingerprint"] != fingerprint(key):
            raise ValueError("algorithm or fingerprint")
        VerifyKey(key).verify(message, made)
    except (BadSignatureError, ValueError, KeyError, TypeError, RecursionError):
        raise KidoError(Problem("bundle-signature", place, "manifest.sig")) from None
    if (name := next((name for name, known in trusted.items() if known == key), None)) is None:
        raise KidoError(Problem("bundle-untrusted", place, fingerprint(key)))
    return name, fingerprint(key)

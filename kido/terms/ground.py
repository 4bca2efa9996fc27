"""Where the ground folders are: a register that was pulled and chosen, beside the code in a checkout, or inside the wheel.

    ground("law")   its path: KIDO_GROUND, else the chosen version, else what came with kido
    chosen()        the version chosen for every run; "shipped" if none ever was
    asked           the version asked for in this thread or task only; `store.at` sets it

A choice that cannot be read is an error by name: no answer is given on another register than the chosen one.
"""

from __future__ import annotations

import os
from contextvars import ContextVar
from functools import cache
from pathlib import Path

from kido.errors import KidoError, Problem

PACKAGE = Path(__file__).resolve().parent.parent
SHIPPED = "shipped"
asked: ContextVar[str] = ContextVar("asked", default="")

_VERSIONED = ("law", "cases")


def ground(folder: str) -> Path:
    """Path of a ground folder (`law`, `cases`, ...).

    `KIDO_GROUND` names another root, for trying out a changed register; a version asked for by name goes before it.

    >>> ground("law").name
    'law'
    """
    return _place(folder, asked.get())


@cache
def _place(folder: str, version: str) -> Path:
    override = os.environ.get("KIDO_GROUND")
    if folder in _VERSIONED and (version or not override):
        version = version or chosen()
        if Path(version).is_absolute():  # a register that lies elsewhere: `store.inside`
            return Path(version) / folder
        if version != SHIPPED:
            return _pulled(version, folder)
        override = None
    roots = [Path(override)] if override else [PACKAGE / "ground", PACKAGE.parent]
    for root in roots:
        if (root / folder).is_dir():
            return root / folder
    where = ", ".join(map(str, roots))
    raise KidoError(
        Problem("no-ground", f"KIDO_GROUND={override}" if override else where, folder, {"why": f"no folder {folder!r} in {where}"})
    )


def _pulled(version: str, folder: str) -> Path:
    place = registers_folder() / version
    if not place.is_dir():
        raise no_such_version(version)
    if not (place / folder).is_dir():
        raise KidoError(Problem("register-damaged", str(place / folder), version))
    return place / folder


def chosen() -> str:
    """The version that was chosen; the choice file stands from the first pull on, so a lost one is noticed."""
    file = data_folder() / "register.json"
    try:
        text = file.read_bytes()
    except FileNotFoundError:
        if not registers_folder().is_dir():
            return SHIPPED
        raise KidoError(Problem("register-choice", str(file))) from None
    except OSError as error:
        raise KidoError(Problem("register-choice", str(file), str(error))) from None
    import json

    try:
        version = json.loads(text)["version"]
    except (ValueError, KeyError, TypeError):
        version = None
    if version != SHIPPED and not is_version(version):
        raise KidoError(Problem("register-choice", str(file), text[:80].decode(errors="replace")))
    return version


def is_version(text: object) -> bool:
    """Whether a text can be the version of a pulled register: twelve hexadecimal figures.

    >>> is_version("0123456789ab"), is_version("../../../etc"), is_version("shipped")
    (True, False, False)
    """
    return isinstance(text, str) and len(text) == 12 and set(text) <= set("0123456789abcdef")


def no_such_version(version: str, near: str = "") -> KidoError:
    """The error that names the versions there are."""
    there = ", ".join([SHIPPED, *pulled_versions()])
    return KidoError(Problem("no-such-version", str(registers_folder()), version, {"there": there, "near": near}))


def pulled_versions() -> list[str]:
    """The versions that were pulled, by name."""
    folder = registers_folder()
    return sorted(path.name for path in folder.iterdir() if is_version(path.name)) if folder.is_dir() else []


def registers_folder() -> Path:
    return data_folder() / "registers"


def data_folder() -> Path:
    """`KIDO_DATA`, else the platform's folder for the data of kido: pulled registers, the choice, trusted keys."""
    if override := os.environ.get("KIDO_DATA"):
        return Path(override)
    return _platform_folder()


@cache
def _platform_folder() -> Path:
    """Looked up once, for every answer that is kept asks for it."""
    from platformdirs import user_data_path

    return user_data_path("kido")


def forget() -> None:
    """Look again at the next question: another register was chosen."""
    _place.cache_clear()

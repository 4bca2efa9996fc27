"""The address of a table in a database, such as sqlite:///orders.db::shipments; nothing is opened here.

is_address(text)   whether a text is an address
shown(text)        an address as it may be shown: without user, password and options
"""

from __future__ import annotations

import re

ADDRESS = re.compile(r"(?P<kind>[A-Za-z][A-Za-z0-9_]+(?:\+[A-Za-z0-9_]+)?)://(?P<place>.*)", re.DOTALL)
CLEAR = re.compile(r"(?:[^@/?]*@)?(?P<host>[^@/?:\[\]]*|\[[0-9A-Fa-f:.]*\])(?::\d+)?(?P<path>(?:/[^@?]*)?)(?:\?[^@]*)?")


def is_address(text: str) -> bool:
    """Whether a text is an address and no file.

    >>> is_address("sqlite:///orders.db::shipments"), is_address("orders.csv"), is_address("C:/orders.csv")
    (True, False, False)
    """
    return ADDRESS.fullmatch(text) is not None


def shown(text: str) -> str:
    """An address as it may be shown; of one that is not clear only its kind, for anything in it may be a password.

    >>> shown("postgresql://me:secret@db.example/trade?sslmode=require::shipments")
    'postgresql://db.example/trade::shipments'
    >>> shown("postgresql://me:se/cr@t@db.example/trade::shipments"), shown("sqlite:///orders.db::shipments"), shown("orders.csv")
    ('postgresql://…', 'sqlite:///orders.db::shipments', 'orders.csv')
    """
    found = ADDRESS.fullmatch(text)
    if found is None:
        return text
    place, name = parted(found["place"])
    clear = CLEAR.fullmatch(place)
    if is_sqlite(found["kind"]):
        place = place.partition("?")[0]
    elif clear is None:
        return f"{found['kind']}://…"
    else:
        place = clear["host"] + clear["path"]
    return f"{found['kind']}://{place}{name and '::'}{name}"


def parted(place: str) -> tuple[str, str]:
    """What stands before the last `::`, and the name behind it; without a name all of it."""
    before, colons, name = place.rpartition("::")
    return (before, name) if colons and not set("/@") & set(name) else (place, "")


def is_sqlite(kind: str) -> bool:
    return kind.casefold() in ("sqlite", "sqlite+pysqlite")

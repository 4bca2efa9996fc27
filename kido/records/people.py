"""The people of a team: accounts, sign-in, sessions, tokens, and the list of sign-ins.

People(book)
    .add .list .set_role .set_password .set_active     accounts
    .sign_in .of_session .sign_out                      a browser's session; its cookie is known here only by its hash
    .make_token .of_token .tokens .revoke               programs

Each role may do what those before it may: a reader reads, a clerk records, an approver decides, an admin looks after people.
"""

from __future__ import annotations

import secrets
import unicodedata
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache

from sqlalchemy import Connection, delete, desc, func, insert, select, update

from kido.errors import KidoError, Problem
from kido.records.book import Book
from kido.records.chain import printable, searchable, sha256
from kido.records.clock import before, now
from kido.records.store import alone, reading, writing
from kido.records.tables import account, session, sign_in, token
from kido.terms.text import folded

ROLES = ("reader", "clerk", "approver", "admin")
SHORTEST, LONGEST = 12, 200  # characters of a password
IDLE, WHOLE = timedelta(hours=2), timedelta(hours=12)  # of a session
SPAN = timedelta(minutes=15)  # in which failures count
MOST_FOR_NAME, MOST_FOR_ADDRESS = 5, 20
TOKEN = "kido_"
MOST_DAYS = 366
_SEEN = timedelta(minutes=1)  # a session is written to no more often than that


@dataclass(frozen=True, slots=True)
class Person:
    """Who asks: by a session (`csrf` is its form key), by a token, or alone on this machine."""

    name: str
    role: str
    csrf: str = ""
    by_token: bool = False

    def may(self, role: str) -> bool:
        """Whether this person may do what a role may.

        >>> Person("sato", "approver").may("clerk"), Person("sato", "clerk").may("approver")
        (True, False)
        """
        return ROLES.index(self.role) >= ROLES.index(role)


@dataclass(frozen=True, slots=True)
class Account:
    name: str
    role: str
    active: bool
    made: str
    by: str


class People:
    """Accounts in the database of a book."""

    def __init__(self, book: Book):
        self.engine, self.place = book.engine, book.place

    # -- accounts --------------------------------------------------------------------------

    def any(self) -> bool:
        """Whether anybody has an account."""
        with reading(self.engine) as connection:
            return connection.execute(select(account.c.name).limit(1)).first() is not None

    def admins(self) -> list[str]:
        """The active admins."""
        with reading(self.engine) as connection:
            return list(connection.execute(_admins()).scalars())

    def list(self) -> list[Account]:
        columns = (account.c.name, account.c.role, account.c.active, account.c.made, account.c.by)
        with reading(self.engine) as connection:
            return [Account(*row) for row in connection.execute(select(*columns).order_by(account.c.name))]

    def add(self, name: str, password: str, role: str, by: str) -> None:
        """A new account.

        Raises
        ------
        KidoError : the name is taken or none, the password too short, no such role
        """
        plain, hashed = _name(name), _hashed(password, name)
        _role(role)
        with writing(self.engine) as connection:
            alone(connection)
            if connection.execute(select(account.c.name).where(account.c.name == plain)).first():
                raise KidoError(Problem("account-there", "name", plain))
            row = {"name": plain, "password": hashed, "role": role, "active": True, "made": now(), "by": printable(by)[:80]}
            connection.execute(insert(account).values(row))

    def set_password(self, name: str, password: str) -> None:
        """A new password; every session and token of that person ends."""
        self._change(name, {"password": _hashed(password, name)})

    def set_role(self, name: str, role: str) -> None:
        _role(role)
        self._change(name, {"role": role}, keep=True)

    def set_active(self, name: str, active: bool) -> None:
        """Switch an account off or on; off ends its sessions and tokens. An account is never removed: the records name it."""
        self._change(name, {"active": active})

    def _change(self, name: str, values: dict, keep: bool = False) -> None:
        plain = _name(name)
        with writing(self.engine) as connection:
            alone(connection)  # two admins cannot lower each other at once
            admins = connection.execute(_admins()).first()
            if not connection.execute(update(account).where(account.c.name == plain).values(values)).rowcount:
                raise KidoError(Problem("no-such-account", "name", plain))
            if admins and not connection.execute(_admins()).first():
                raise KidoError(Problem("last-admin", "name", plain))
            if not keep:
                for table in (session, token):
                    connection.execute(delete(table).where(table.c.name == plain))

    # -- sessions --------------------------------------------------------------------------

    def sign_in(self, name: str, password: str, address: str, old: str = "") -> str:
        """Begin a session; what its cookie holds. A session the browser had before ends.

        Raises
        ------
        KidoError : refused, always for the same stated reason; or too many failures
        """
        plain, address = _listed(name), _listed(address)
        no, hashed = self._tried(plain, address)
        if not _right(hashed, password):
            raise KidoError(Problem("sign-in-refused", "sign-in", plain))
        value = secrets.token_urlsafe(32)
        with writing(self.engine) as connection:
            alone(connection)
            same = select(account.c.name).where(account.c.name == plain, account.c.password == hashed, account.c.active)
            if not connection.execute(same).first():  # changed or switched off while the password was looked at
                raise KidoError(Problem("sign-in-refused", "sign-in", plain))
            at = now()
            connection.execute(delete(session).where((session.c.made < before(WHOLE)) | (session.c.key == _key(old))))
            row = {"key": _key(value), "name": plain, "csrf": secrets.token_urlsafe(32), "made": at, "seen": at}
            connection.execute(insert(session).values(row))
            connection.execute(update(sign_in).where(sign_in.c.no == no).values(at=at, what="signed_in"))
        return value

    def _tried(self, name: str, address: str) -> tuple[int, str]:
        """Note a try as refused before the password is looked at, so that many at once count as well; its number, and the hash to compare with."""
        try:
            with writing(self.engine) as connection:
                alone(connection)
                self._not_too_often(connection, name, address)
                row = connection.execute(select(account).where(account.c.name == name)).first()
                noted = connection.execute(insert(sign_in).values(at=now(), name=name, address=address, what="refused"))
        except KidoError as error:
            if any(one.code == "sign-in-locked" for one in error.problems):
                self.note(name, address, "locked")
            raise
        return noted.inserted_primary_key[0], row.password if row is not None and row.active else _nobody()

    def _not_too_often(self, connection: Connection, name: str, address: str) -> None:
        """Guessing is slowed down by name and by address; the right password does not help meanwhile."""
        since = before(SPAN)
        refused = select(func.count()).select_from(sign_in).where(sign_in.c.what == "refused", sign_in.c.at >= since)
        last = select(func.max(sign_in.c.no)).where(sign_in.c.name == name, sign_in.c.what == "signed_in")
        by_name = connection.execute(
            refused.where(sign_in.c.name == name, sign_in.c.no > (connection.execute(last).scalar() or 0))
        ).scalar()
        by_address = connection.execute(refused.where(sign_in.c.address == address)).scalar()
        if by_name >= MOST_FOR_NAME or by_address >= MOST_FOR_ADDRESS:
            raise KidoError(Problem("sign-in-locked", "sign-in", name, {"minutes": str(int(SPAN.total_seconds() // 60))}))

    def of_session(self, value: str) -> Person | None:
        """Whose session a cookie holds; None where it is over, or never was."""
        key = _key(value)
        wanted = select(session, account.c.role).join(account, account.c.name == session.c.name)
        with reading(self.engine) as connection:
            row = connection.execute(wanted.where(session.c.key == key, account.c.active)).first()
        if row is None or row.made < before(WHOLE) or row.seen < before(IDLE):
            return None
        if row.seen < before(_SEEN):
            with writing(self.engine) as connection:
                connection.execute(update(session).where(session.c.key == key).values(seen=now()))
        return Person(row.name, row.role, row.csrf)

    def sign_out(self, value: str, name: str, address: str) -> None:
        with writing(self.engine) as connection:
            connection.execute(delete(session).where(session.c.key == _key(value)))
        self.note(name, address, "signed_out")

    # -- tokens ----------------------------------------------------------------------------

    def make_token(self, name: str, label: str, days: int) -> str:
        """A token for a program, with the rights of its person; it is shown once and known here only by its hash."""
        plain = _name(name)
        if not 1 <= days <= MOST_DAYS:
            raise KidoError(Problem("token-days", "days", str(days), {"most": str(MOST_DAYS)}))
        value = TOKEN + secrets.token_urlsafe(32)
        until = before(timedelta(days=-days))
        row = {
            "key": _key(value),
            "id": secrets.token_hex(4),
            "name": plain,
            "label": printable(label).strip()[:200],
            "made": now(),
            "until": until,
        }
        with writing(self.engine) as connection:
            if not connection.execute(select(account.c.name).where(account.c.name == plain, account.c.active)).first():
                raise KidoError(Problem("no-such-account", "name", plain))
            connection.execute(insert(token).values(row))
        return value

    def of_token(self, value: str) -> Person | None:
        """Whose token it is; None where it is over, revoked, or never was."""
        wanted = select(token.c.name, token.c.until, account.c.role).join(account, account.c.name == token.c.name)
        with reading(self.engine) as connection:
            row = connection.execute(wanted.where(token.c.key == _key(value), account.c.active)).first()
        return Person(row.name, row.role, by_token=True) if row is not None and row.until > now() else None

    def tokens(self, name: str) -> list[dict]:
        """The tokens of a person, without what they hold."""
        columns = (token.c.id, token.c.label, token.c.made, token.c.until)
        with reading(self.engine) as connection:
            found = connection.execute(select(*columns).where(token.c.name == _name(name)).order_by(token.c.made))
            return [dict(row._mapping) for row in found]

    def revoke(self, name: str, id: str) -> None:
        with writing(self.engine) as connection:
            gone = connection.execute(delete(token).where(token.c.name == _name(name), token.c.id == printable(id)))
            if not gone.rowcount:
                raise KidoError(Problem("no-such-token", "token", id[:40]))

    # -- sign-ins --------------------------------------------------------------------------

    def note(self, name: str, address: str, what: str) -> None:
        """Add to the list of sign-ins."""
        with writing(self.engine) as connection:
            connection.execute(insert(sign_in).values(at=now(), name=_listed(name), address=_listed(address), what=what))

    def sign_ins(self, limit: int = 200) -> list[dict]:
        """The last sign-ins, refusals and sign-outs, newest first."""
        with reading(self.engine) as connection:
            found = connection.execute(select(sign_in).order_by(desc(sign_in.c.no)).limit(limit))
            return [dict(row._mapping) for row in found]


def _admins():
    return select(account.c.name).where(account.c.role == "admin", account.c.active)


def _key(value: str) -> str:
    """What is stored of a cookie or a token."""
    return sha256(value.encode(errors="replace"))


def _listed(text: str) -> str:
    """A name or an address as it stands in the list of sign-ins, whatever somebody sent."""
    return searchable(text).strip()[:80]


def _name(name: str) -> str:
    """A name as it is held: one spelling whatever the width and case of its letters."""
    plain = folded(name)
    if not plain or len(plain) > 80 or folded(plain) != plain or any(unicodedata.category(char)[0] in "CZ" for char in plain):
        raise KidoError(Problem("account-name", "name", name[:40]))
    return plain


def _role(role: str) -> None:
    if role not in ROLES:
        raise KidoError(Problem("not-one-of", "role", role[:40], {"fact": "role", "values": ", ".join(ROLES), "near": ""}))


def _hashed(password: str, name: str) -> str:
    if not SHORTEST <= len(password) <= LONGEST or folded(password) == folded(name):
        raise KidoError(Problem("password-weak", "password", "", {"least": str(SHORTEST), "most": str(LONGEST)}))
    return _hasher().hash(password.encode(errors="replace"))


@lru_cache(maxsize=1)
def _hasher():
    try:
        from argon2 import PasswordHasher
    except ImportError as error:
        raise KidoError(Problem("extra-missing", "accounts", error.name or "argon2", {"extra": "team"})) from None
    return PasswordHasher()


@lru_cache(maxsize=1)
def _nobody() -> str:
    """The hash of no account: a name that there is not takes as long as one that there is."""
    return _hasher().hash(secrets.token_urlsafe(32))


def _right(hashed: str, password: str) -> bool:
    from argon2.exceptions import Argon2Error, InvalidHashError

    try:
        return _hasher().verify(hashed, password[: LONGEST + 1].encode(errors="replace"))
    except (Argon2Error, InvalidHashError):
        return False

"""The tables of the records: entries in a chain, their contents by hash, and the people of a team.

An entry is never changed. What is said of a record later (a comment, an approval, its removal) is an entry of its own.
Contents lie beside the chain under their sha256, so that a content can be removed when its time is over and the chain still holds.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, LargeBinary, MetaData, String, Table, Text

REVISION = "0001"  # the newest of migrations/versions
NAMES = {"ix": "ix_%(column_0_label)s", "pk": "pk_%(table_name)s", "fk": "fk_%(table_name)s_%(column_0_name)s",
         "uq": "uq_%(table_name)s_%(column_0_name)s"}  # fmt: skip
metadata = MetaData(naming_convention=NAMES)
_NUMBER = BigInteger().with_variant(Integer, "sqlite")
_HASH = String(64)

head = Table(
    "head",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("book", String(36), nullable=False),  # this set of records, whatever it is copied to
    Column("seq", _NUMBER, nullable=False),
    Column("hash", _HASH, nullable=False),
)
entry = Table(
    "entry",
    metadata,
    Column("seq", _NUMBER, primary_key=True, autoincrement=False),
    Column("kind", String(20), nullable=False),
    Column("at", String(32), nullable=False),  # UTC, ISO 8601
    Column("who", String(200), nullable=False),
    Column("about", _NUMBER, ForeignKey("entry.seq"), index=True),
    Column("outcome", String(40), nullable=False),
    Column("body", _HASH, nullable=False),
    Column("previous", _HASH, nullable=False),
    Column("hash", _HASH, nullable=False),
    Column("subject", Text, nullable=False),  # to search by; stands in the body too, and goes with it
    Column("same", _HASH, nullable=False),  # of the question: the same one is not kept twice a day
    Index("ix_entry_kind_seq", "kind", "seq"),
    Index("ix_entry_same_seq", "same", "seq"),
)
content = Table(
    "content",
    metadata,
    Column("sha", _HASH, primary_key=True),
    Column("size", _NUMBER, nullable=False),  # bytes before they were packed
    Column("data", LargeBinary, nullable=False),  # zlib
)
part = Table(
    "part",
    metadata,
    Column("seq", _NUMBER, ForeignKey("entry.seq"), primary_key=True),
    Column("name", String(200), primary_key=True),
    Column("sha", _HASH, ForeignKey("content.sha"), nullable=False, index=True),
)
account = Table(
    "account",
    metadata,
    Column("name", String(80), primary_key=True),
    Column("password", Text, nullable=False),  # argon2id
    Column("role", String(20), nullable=False),
    Column("active", Boolean, nullable=False),
    Column("made", String(32), nullable=False),
    Column("by", String(80), nullable=False),
)
session = Table(
    "session",
    metadata,
    Column("key", _HASH, primary_key=True),  # sha256 of what the cookie holds
    Column("name", String(80), ForeignKey("account.name"), nullable=False, index=True),
    Column("csrf", String(64), nullable=False),
    Column("made", String(32), nullable=False),
    Column("seen", String(32), nullable=False),
)
token = Table(
    "token",
    metadata,
    Column("key", _HASH, primary_key=True),  # sha256 of the token
    Column("id", String(12), nullable=False, unique=True),
    Column("name", String(80), ForeignKey("account.name"), nullable=False, index=True),
    Column("label", String(200), nullable=False),
    Column("made", String(32), nullable=False),
    Column("until", String(32), nullable=False),
)
sign_in = Table(
    "sign_in",
    metadata,
    Column("no", _NUMBER, primary_key=True, autoincrement=True),
    Column("at", String(32), nullable=False),
    Column("name", String(80), nullable=False, index=True),
    Column("address", String(80), nullable=False),
    Column("what", String(20), nullable=False),  # signed_in refused signed_out locked …
)
CHAIN = (head, entry, content, part)
PEOPLE = (account, token, sign_in)  # sessions are not carried to another database

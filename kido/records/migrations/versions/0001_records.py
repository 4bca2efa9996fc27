"""Chain, contents, people."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")
_HASH = sa.String(64)


def upgrade() -> None:
    op.create_table(
        "head",
        sa.Column("id", sa.Integer, autoincrement=False),
        sa.Column("book", sa.String(36), nullable=False),
        sa.Column("seq", _NUMBER, nullable=False),
        sa.Column("hash", _HASH, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_head"),
    )
    op.create_table(
        "entry",
        sa.Column("seq", _NUMBER, autoincrement=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("who", sa.String(200), nullable=False),
        sa.Column("about", _NUMBER),
        sa.Column("outcome", sa.String(40), nullable=False),
        sa.Column("body", _HASH, nullable=False),
        sa.Column("previous", _HASH, nullable=False),
        sa.Column("hash", _HASH, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("same", _HASH, nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_entry"),
        sa.ForeignKeyConstraint(["about"], ["entry.seq"], name="fk_entry_about"),
    )
    op.create_index("ix_entry_about", "entry", ["about"])
    op.create_index("ix_entry_kind_seq", "entry", ["kind", "seq"])
    op.create_index("ix_entry_same_seq", "entry", ["same", "seq"])
    op.create_table(
        "content",
        sa.Column("sha", _HASH, nullable=False),
        sa.Column("size", _NUMBER, nullable=False),
        sa.Column("data", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("sha", name="pk_content"),
    )
    op.create_table(
        "part",
        sa.Column("seq", _NUMBER, nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("sha", _HASH, nullable=False),
        sa.PrimaryKeyConstraint("seq", "name", name="pk_part"),
        sa.ForeignKeyConstraint(["seq"], ["entry.seq"], name="fk_part_seq"),
        sa.ForeignKeyConstraint(["sha"], ["content.sha"], name="fk_part_sha"),
    )
    op.create_index("ix_part_sha", "part", ["sha"])
    op.create_table(
        "account",
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("password", sa.Text, nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("made", sa.String(32), nullable=False),
        sa.Column("by", sa.String(80), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_account"),
    )
    op.create_table(
        "session",
        sa.Column("key", _HASH, nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("csrf", sa.String(64), nullable=False),
        sa.Column("made", sa.String(32), nullable=False),
        sa.Column("seen", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_session"),
        sa.ForeignKeyConstraint(["name"], ["account.name"], name="fk_session_name"),
    )
    op.create_index("ix_session_name", "session", ["name"])
    op.create_table(
        "token",
        sa.Column("key", _HASH, nullable=False),
        sa.Column("id", sa.String(12), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("label", sa.String(200), nullable=False),
        sa.Column("made", sa.String(32), nullable=False),
        sa.Column("until", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_token"),
        sa.ForeignKeyConstraint(["name"], ["account.name"], name="fk_token_name"),
        sa.UniqueConstraint("id", name="uq_token_id"),
    )
    op.create_index("ix_token_name", "token", ["name"])
    op.create_table(
        "sign_in",
        sa.Column("no", _NUMBER, autoincrement=True),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("address", sa.String(80), nullable=False),
        sa.Column("what", sa.String(20), nullable=False),
        sa.PrimaryKeyConstraint("no", name="pk_sign_in"),
    )
    op.create_index("ix_sign_in_name", "sign_in", ["name"])

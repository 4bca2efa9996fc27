"""A real PostgreSQL server as source: its own kinds of columns, schemas, views, read only, and nothing of an address becomes SQL."""

import pytest
import sqlalchemy as sa

import kido
from kido.errors import KidoError
from tests.face.test_batch_source import codes, read

ROWS = [
    ("A1", "磁石", "CN", "JP", "2026-01-15 09:30:00", "2.50", True, None),
    ("A2", "金属", "CN", "DE", "2026-11-20 00:00:00", "0.05", False, '{"note": "x"}'),
    ("A3", "謎", "CN", "JP", "2026-01-15 00:00:00", None, None, None),
]


@pytest.fixture(scope="module")
def server(postgresql):
    address = postgresql.database()
    engine = sa.create_engine(address.replace("://", "+pg8000://"), poolclass=sa.NullPool)
    with engine.begin() as connection:
        connection.execute(
            sa.text(
                'CREATE TABLE shipments (key serial primary key, "注文番号" text, "形状" varchar(20), "輸出国" char(2), "仕向地" text, "出荷日" timestamp, '
                '"Dy wt%" numeric(6,2), foreign_made boolean, memo jsonb)'
            )
        )
        insert = sa.text(
            'INSERT INTO shipments ("注文番号","形状","輸出国","仕向地","出荷日","Dy wt%",foreign_made,memo) '
            "VALUES (:a,:b,:c,:d,CAST(:e AS timestamp),CAST(:f AS numeric),:g,CAST(:h AS jsonb))"
        )
        connection.execute(insert, [dict(zip("abcdefgh", row, strict=True)) for row in ROWS])
        connection.execute(sa.text("CREATE SCHEMA trade; CREATE VIEW trade.seen AS SELECT * FROM shipments ORDER BY key DESC"))
        connection.execute(sa.text("""CREATE TABLE "x; drop table shipments; --" ("形状" text, "仕向地" text)"""))
        connection.execute(sa.text("""INSERT INTO "x; drop table shipments; --" VALUES ('磁石', 'JP')"""))
    return address


def test_the_answers_are_those_of_the_same_rows_in_a_file(server, tmp_path):
    lines = ["注文番号,形状,輸出国,仕向地,出荷日,Dy wt%,foreign_made"]
    lines += [f"{a},{b},{c},{d},{e[:10]},{f or ''},{'' if g is None else str(g).lower()}" for a, b, c, d, e, f, g, _ in ROWS]
    (tmp_path / "a.csv").write_text("\n".join(lines), encoding="utf-8")
    by_file = kido.batch(tmp_path / "a.csv", tmp_path / "file.csv")
    found = kido.batch(f"{server}::shipments", tmp_path / "out.csv")
    assert (found.rows, found.rejected, found.answers) == (3, 1, by_file.answers)
    for name in ("", ".measures"):
        of_file, of_table = (read(tmp_path / f"{base}{name}.csv") for base in ("file", "out"))
        assert [row | {"place": str(int(row["place"]) + 1)} for row in of_table] == of_file


def test_a_view_of_another_schema_and_a_name_that_looks_like_sql(server, tmp_path):
    assert kido.batch(f"{server}::trade.seen", tmp_path / "view.csv").rows == 3
    assert kido.batch(f"{server}::x; drop table shipments; --", tmp_path / "odd.csv", on="2026-01-15").rows == 1
    assert kido.batch(f"{server}::shipments", tmp_path / "out.csv").rows == 3


@pytest.mark.parametrize(
    ("address", "what"),
    [
        ("{server}::no", "no-such-table"),
        ("postgresql://kido:s3cret@{place}/nothing::shipments", "database-not-read"),
        ("postgresql://nobody:s3cret@{place}/postgres::shipments", "database-not-read"),
    ],
)
def test_what_cannot_be_read_is_told_without_secrets(server, address, what, tmp_path):
    place = server.partition("@")[2].partition("/")[0]
    with pytest.raises(KidoError) as error:
        kido.batch(address.format(server=server, place=place), tmp_path / "out.csv")
    assert codes(error) == [what] and "s3cret" not in str(error.value)

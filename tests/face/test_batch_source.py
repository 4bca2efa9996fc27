"""Tables of a database: the answers of the same rows as .csv, only names that are there, no password in sight. Columns that were confirmed."""

import csv
import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

import kido
from kido.desk import row_of
from kido.errors import KidoError
from kido.register import database_source
from kido.register.database_source import shown
from tests.face.test_batch_command import BAD, HEADER, ROWS, written

SECRET = "s3cret!pass"


def database(path: Path, rows: list[list[str]], name: str = "shipments") -> str:
    """The rows in a table with a key, put in out of order, and a view of them."""
    columns = ", ".join(f'"{heading}" REAL' if heading == "Nd wt%" else f'"{heading}" TEXT' for heading in HEADER)
    quoted = name.replace('"', '""')
    with sqlite3.connect(path) as connection:
        connection.execute(f'CREATE TABLE "{quoted}" ({columns}, key INTEGER PRIMARY KEY)')
        numbered = [(*row, number) for number, row in enumerate(rows)]
        connection.executemany(f'INSERT INTO "{quoted}" VALUES ({", ".join("?" * (len(HEADER) + 1))})', reversed(numbered))
        connection.execute(f'CREATE VIEW seen AS SELECT * FROM "{quoted}"')
    connection.close()
    return f"sqlite:///{path}::{name}"


def read(path: Path) -> list[dict[str, str]]:
    return [row | {"place": row["place"].rpartition(":")[2]} for row in csv.DictReader(path.open(encoding="utf-8-sig", newline=""))]


def codes(error: pytest.ExceptionInfo) -> list[str]:
    return [problem.code for problem in error.value.problems]


@pytest.fixture
def address(tmp_path) -> str:
    return database(tmp_path / "orders.db", ROWS + BAD)


def test_a_table_gives_the_answers_of_the_same_rows_as_csv(tmp_path, address, monkeypatch):
    monkeypatch.setattr(database_source, "PART", 7)
    by_file = kido.batch(written(tmp_path / "a.csv", ROWS + BAD), tmp_path / "file.csv")
    found = kido.batch(address, tmp_path / "out.csv")
    assert (found.rows, found.answered, found.answers) == (62, 60, by_file.answers) and found.columns.unused == ("備考", "key")
    for name in ("", ".measures"):
        of_file, of_table = (read(tmp_path / f"{base}{name}.csv") for base in ("file", "out"))
        assert [row | {"place": str(int(row["place"]) + 1)} for row in of_table] == of_file
    assert {row["place"] for row in csv.DictReader((tmp_path / "out.rejected.csv").open(encoding="utf-8-sig"))} == {
        "shipments:61",
        "shipments:62",
    }
    assert not list(tmp_path.glob(".*"))  # neither the copy nor the run is left


def test_a_view_and_a_schema_and_an_odd_name(tmp_path, address):
    odd = database(tmp_path / "odd.db", ROWS[:5], 'a "b"; [c]*')
    assert kido.batch(odd, tmp_path / "odd.csv").answered == 5
    for name in ("seen", "main.shipments"):
        assert kido.batch(address.replace("::shipments", f"::{name}"), tmp_path / "out.parquet").answered == 60
    assert pl.read_parquet(tmp_path / "out.parquet")["place"][0] == "main.shipments:1"


def test_rows_without_a_key_stand_in_the_order_they_were_put_in(tmp_path):
    with sqlite3.connect(tmp_path / "a.db") as connection:
        connection.execute("CREATE TABLE t (no TEXT, form TEXT)")
        connection.executemany("INSERT INTO t VALUES (?, ?)", [("z", "magnet"), ("a", "oxide"), ("m", None)])
    connection.close()
    assert [row_of(f"sqlite:///{tmp_path / 'a.db'}::t", row)[2]["form"] for row in ("t:1", "a")] == ["magnet", "oxide"]


@pytest.mark.parametrize(
    "name",
    [
        "shipment",
        "SHIPMENTS",
        "sqlite_master",
        "shipments; DROP TABLE shipments",
        'shipments" UNION SELECT * FROM "seen',
        "(SELECT 1)",
        "main.sqlite_master",
        "shipments--",
    ],
)
def test_a_name_that_is_no_table_is_refused(tmp_path, address, name):
    with pytest.raises(KidoError) as error:
        kido.batch(address.replace("::shipments", f"::{name}"), tmp_path / "out.csv")
    assert codes(error) == ["no-such-table"] and "shipments" in error.value.text("ja")
    assert kido.batch(address, tmp_path / "out.csv").rows == 62


def test_what_is_not_there(tmp_path, address):
    (tmp_path / "text.db").write_text("no database " * 100)
    with sqlite3.connect(tmp_path / "orders.db") as connection:
        connection.execute("CREATE TABLE empty (form TEXT)")
    connection.close()
    for text, code in [
        (f"sqlite:///{tmp_path}/none.db::shipments", "no-such-file"),
        ("sqlite://::shipments", "no-such-file"),
        (f"sqlite:///{tmp_path}/text.db::shipments", "database-not-read"),
        (f"sqlite:///{tmp_path}/orders.db::empty", "no-rows"),
        (f"sqlite:///{tmp_path}/orders.db", "database-address"),
        (f"sqlite:///{tmp_path}/orders.db::", "database-address"),
        ("nosuch://db.example/trade::shipments", "database-kind"),
    ]:
        with pytest.raises(KidoError) as error:
            kido.batch(text, tmp_path / "out.csv")
        assert codes(error) == [code], text
    assert not (tmp_path / "none.db").exists() and not list(tmp_path.glob("*out*"))


def test_without_the_extra_or_a_driver(tmp_path, address, monkeypatch):
    monkeypatch.setattr(database_source, "find_spec", lambda name: None)
    with pytest.raises(KidoError) as error:
        kido.batch("postgresql://db.example/trade::shipments", tmp_path / "out.csv")
    assert codes(error) == ["database-driver"] and "pip install 'psycopg[binary]'" in error.value.text("ja")
    monkeypatch.setitem(sys.modules, "sqlalchemy", None)
    with pytest.raises(KidoError) as error:
        kido.batch(address, tmp_path / "out.csv")
    assert codes(error) == ["extra-missing"] and "kido[database]" in error.value.text("en")


WITH_PASSWORD = [
    f"postgresql://me:{SECRET}@127.0.0.1:9/trade::shipments",
    f"postgresql://me:{SECRET}@127.0.0.1:9/trade",
    f"postgresql://127.0.0.1:9/trade?user=me&password={SECRET}::shipments",
    f"postgresql://me:/{SECRET}@127.0.0.1:9/trade::shipments",
    f"postgresql://me:a@{SECRET}@127.0.0.1:9/trade::shipments",
    f"postgresql://me:12?{SECRET}@127.0.0.1:9/trade::shipments",
    f"postgresql://me:1::{SECRET}@127.0.0.1:9/trade",
    f"postgresql://me:{SECRET}::shipments",
    f"postgre://me:{SECRET}@127.0.0.1:9/trade::shipments",
]


@pytest.mark.parametrize(
    ("text", "more"),
    [(text, ["-o", "out.csv"]) for text in WITH_PASSWORD]
    + [(WITH_PASSWORD[n], more) for n in (0, 1) for more in ([], ["-o", "out.parquet", "--on-spark"], ["--row", "3"], ["--ask"])],
)
def test_a_password_is_never_shown(tmp_path, text, more):
    done = subprocess.run(
        [sys.executable, "-m", "kido", "determine", text, *more], capture_output=True, text=True, cwd=tmp_path, check=False
    )
    assert done.returncode == 1 and SECRET not in done.stdout + done.stderr and "Traceback" not in done.stderr
    assert SECRET not in shown(text) and not list(tmp_path.iterdir())


def test_a_run_that_was_stopped_goes_on_with_the_same_rows_only(tmp_path, address, monkeypatch):
    from kido.desk import batches, run

    monkeypatch.setattr(batches, "PIECE", 20)
    before, judged = run.Place.judge, []

    def stopped(*arguments):
        judged.append(1)
        if len(judged) == 3:
            raise KeyboardInterrupt
        before(*arguments)

    monkeypatch.setattr(run.Place, "judge", stopped)
    with pytest.raises(KeyboardInterrupt):
        kido.batch(address, tmp_path / "out.csv")
    monkeypatch.setattr(run.Place, "judge", before)
    assert kido.batch(address, tmp_path / "out.csv").resumed == 40
    judged.clear()
    monkeypatch.setattr(run.Place, "judge", stopped)
    with pytest.raises(KeyboardInterrupt):
        kido.batch(address, tmp_path / "out.csv")
    monkeypatch.setattr(run.Place, "judge", before)
    with sqlite3.connect(tmp_path / "orders.db") as connection:
        connection.execute("UPDATE shipments SET 形態 = '酸化物' WHERE key = 50")
    connection.close()
    assert kido.batch(address, tmp_path / "out.csv").resumed == 0


# -- how the columns are read, confirmed and remembered --------------------------------------


@pytest.fixture
def table(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("KIDO_DATA", str(tmp_path / "data"))
    path = tmp_path / "a.csv"
    path.write_text("no,form,from,whither,note\n1,magnet,CN,JP,x\n2,oxide,CN,DE,y\n", encoding="utf-8")
    return path


def command(table: Path | str, *more: str) -> list[str]:
    return [sys.executable, "-m", "kido", "determine", str(table), "--fact", "act=export", "--on", "2026-11-24", "--lang", "en", *more]


def judged(table: Path | str, *more: str) -> dict:
    into = ["-o", str(table.with_name("out.csv"))] if isinstance(table, Path) else []
    done = subprocess.run(command(table, *into, "--json", *more), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_a_mapping_is_remembered_used_overridden_and_forgotten(tmp_path, table):
    told = {"no": "id", "form": "form", "from": "exported_from"}
    first = judged(table)
    assert (first["columns"], first["unused"], first["confirmed"]) == (told, ["whither", "note"], None)
    assert not (tmp_path / "data").exists()  # nobody said yes
    said = told | {"whither": "destination"}
    yes = judged(table, "--column", "whither=to", "--yes")
    assert yes["columns"] == said and yes["confirmed"]
    again = judged(table)
    assert (again["columns"], again["unused"], again["confirmed"]) == (said, ["note"], yes["confirmed"])
    row = subprocess.run(command(table, "--row", "2", "--json"), capture_output=True, text=True, check=True)
    assert any(fact["fact"] == "destination" for fact in json.loads(row.stdout)["facts"]["stated"])
    page = subprocess.run(command(table, "-o", str(tmp_path / "out.csv")), capture_output=True, text=True, check=True).stdout
    assert f"As confirmed on {yes['confirmed']}." in page and "whither → destination" in page
    over = judged(table, "--column", "note=to")
    assert over["columns"] == told | {"note": "destination"} and over["unused"] == ["whither"] and over["confirmed"] is None
    assert judged(table, "--column", "whither=-")["columns"] == told
    assert judged(table)["columns"] == said  # without yes nothing else is remembered
    gone = subprocess.run(command(table, "--forget-columns"), capture_output=True, text=True, check=True).stdout
    assert "removed" in gone and judged(table)["columns"] == told


def test_what_was_left_out_stays_left_out(tmp_path, table):
    judged(table, "--column", "from=-", "--yes")
    found = judged(table)
    assert found["columns"] == {"no": "id", "form": "form"} and found["unused"] == ["whither", "note"] and found["confirmed"]
    assert judged(table, "--forget-columns")["columns"]["from"] == "exported_from"


def test_another_header_is_another_matter_and_a_database_is_remembered_too(tmp_path, table):
    judged(table, "--column", "whither=to", "--yes")
    other = tmp_path / "b.csv"
    other.write_text("no,form,from,whither\n1,magnet,CN,JP\n", encoding="utf-8")
    assert judged(other)["confirmed"] is None
    with sqlite3.connect(tmp_path / "a.db") as connection:
        connection.execute('CREATE TABLE t (no, form, "from", whither, note)')
        connection.execute("INSERT INTO t VALUES (1, 'magnet', 'CN', 'JP', '')")
    connection.close()
    found = judged(f"sqlite:///{tmp_path}/a.db::t", "-o", str(tmp_path / "out.parquet"))
    assert found["confirmed"] and found["columns"]["whither"] == "destination"


def test_a_damaged_memory_is_told_and_can_be_removed(tmp_path, table):
    judged(table, "--yes")
    (file,) = (tmp_path / "data" / "columns").iterdir()
    file.write_text("{", encoding="utf-8")
    done = subprocess.run(command(table, "-o", str(tmp_path / "new.csv")), capture_output=True, text=True, check=False)
    assert done.returncode == 1 and "columns-damaged" in done.stderr and not (tmp_path / "new.csv").exists()
    assert judged(table, "--forget-columns")["confirmed"] is None and judged(table)["rows"] == 2


def at_terminal(arguments: list[str], typed: str) -> tuple[int, str]:
    """A command with a terminal before it."""
    pty = pytest.importorskip("pty")
    parent, child = pty.openpty()
    with subprocess.Popen(arguments, stdin=child, stdout=child, stderr=child, close_fds=True) as process:
        os.close(child)
        os.write(parent, typed.encode())
        text = b""
        try:
            while more := os.read(parent, 10_000):
                text += more
        except OSError:
            pass  # the end, on Linux
    os.close(parent)
    return process.returncode, text.decode()


def test_a_terminal_is_asked_once(tmp_path, table):
    ask = command(table, "-o", str(tmp_path / "out.csv"))
    code, text = at_terminal(ask, "n\n")
    assert (
        code == 1
        and "[Y/n]" in text
        and "--column HEADING=FACT" in text
        and not list(tmp_path.glob("*out*"))
        and not (tmp_path / "data").exists()
    )
    code, text = at_terminal(ask, "what\n\n")
    assert code == 0 and text.count("[Y/n]") == 2 and "Remembered" in text and text.count("How the columns were read") == 1
    code, text = at_terminal(ask, "")
    assert code == 0 and "[Y/n]" not in text and "As confirmed on" in text
    code, text = at_terminal([*ask, "--column", "note=-"], "")
    assert code == 0 and "[Y/n]" not in text  # the same facts
    code, text = at_terminal([*ask, "--column", "whither=to"], "y\n")
    assert code == 0 and "[Y/n]" in text and judged(table)["columns"]["whither"] == "destination"

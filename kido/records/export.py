"""The records for an audit: a folder that can be checked without kido.

exported(book, folder, since, until)  -> how many records

    records.csv     one line a record, to read in a spreadsheet
    chain.jsonl     every entry of the chain, from the first on
    contents/       facts, answers, papers, registers, each under its sha256
    SHA256SUMS      of every file, as `sha256sum -c` reads it
    README.txt      how to check the chain, in Japanese and English
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Connection, select

from kido.errors import KidoError, Problem
from kido.records.book import RECORDED, Book, Entry
from kido.records.clock import span
from kido.records.remarks import KINDS, state
from kido.records.store import reading
from kido.records.tables import entry, head, part
from kido.terms.cells import kept as as_text

_STEP = 200
_COLUMNS = ("record", "kind", "at", "who", "subject", "answer", "on", "register", "decision", "decided_by", "decided_at", "shipped", "facts",
            "answer_file", "removed")  # fmt: skip
_READ = """kido records / 判定の記録
book: {book}
entries: {seq}, end of the chain: {hash}

日本語: chain.jsonl の各行のハッシュは、JSON の配列 [previous, seq, kind, at, who, about, outcome, body](空白なし、UTF-8、エスケープなし)の
SHA-256 です。最初の previous は「kido records {book}」の SHA-256 です。body は contents/ の中の同じ名前のファイルを指し、その中の parts が
事実・答え・書類のファイルを指します。ファイルの名前はその内容の SHA-256 です。期間が過ぎて内容を消した記録は、行だけが残ります。

English: the hash of each line of chain.jsonl is the SHA-256 of the JSON list [previous, seq, kind, at, who, about, outcome, body] (no
spaces, UTF-8, nothing escaped). The first previous is the SHA-256 of "kido records {book}". body names a file in contents/, and its parts name
the files of facts, answer and papers. The name of a file is the SHA-256 of what it holds. Of a record whose contents were removed when
its time was over, only the line is left.

sha256sum -c SHA256SUMS
"""


def exported(book: Book, folder: Path, since: str = "", until: str = "", progress: Callable[[int, int], None] | None = None) -> int:
    """Write the folder; whole, or not there.

    Parameters
    ----------
    since, until : days of recording (ISO), both included; the chain is always written from its first entry on
    """
    folder = folder.absolute()  # "." has a name as well
    if folder.exists() and any(folder.iterdir() if folder.is_dir() else [folder]):
        raise KidoError(Problem("file-exists", "export", str(folder)))
    beside = folder.with_name(f".{folder.name}.{os.getpid()}.tmp")
    try:
        shutil.rmtree(beside, ignore_errors=True)
        folder.parent.mkdir(parents=True, exist_ok=True)
        beside.mkdir(mode=0o700)  # what a firm ships, and to whom, is nobody else's to read
        (beside / "contents").mkdir()
        with reading(book.engine) as connection:
            count = _write(book, connection, beside, since, until, progress)
        _sums(beside)
        if folder.exists():
            folder.rmdir()
        beside.replace(folder)
        return count
    except OSError as error:
        raise KidoError(Problem("file-not-written", "export", str(folder), {"why": error.strerror or str(error)})) from None
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _write(book: Book, connection: Connection, folder: Path, since: str, until: str, progress) -> int:
    end = connection.execute(select(head)).first()
    if end is None:
        raise KidoError(Problem("records-empty", book.place))
    written: set[str] = set()
    count, included, registers = 0, set(), set()
    first, behind = span(since, until)
    with (folder / "chain.jsonl").open("w", encoding="utf-8", newline="\n") as chain, (folder / "records.csv").open(
        "w", encoding="utf-8-sig", newline=""
    ) as table:  # fmt: skip
        rows = csv.writer(table)
        rows.writerow(_COLUMNS)
        before = 0
        while some := connection.execute(select(entry).where(entry.c.seq > before).order_by(entry.c.seq).limit(_STEP)).all():
            for row in some:
                book.entry_of(row)  # a changed row is not handed on
                chain.write(json.dumps({name: row._mapping[name] for name in _CHAINED}, ensure_ascii=False) + "\n")
                inside = row.at >= first and (not behind or row.at < behind)
                if inside and row.kind in RECORDED:
                    found = book.got(connection, row.seq)
                    rows.writerow([as_text(str(value)) for value in _row(book, connection, found)])
                    count += 1
                    included.add(row.seq)
                    registers |= {found.body["register"]} if found.body else set()
                    _contents(book, connection, row.seq, folder, written)
                elif row.about in included or row.kind == "removed":
                    _contents(book, connection, row.seq, folder, written)
            before = some[-1].seq
            if progress:
                progress(before, end.seq)
    for row in connection.execute(select(entry).where(entry.c.kind == "register").order_by(entry.c.seq)).all():
        if row.outcome in registers:  # it stands before the records that were answered with it
            _contents(book, connection, row.seq, folder, written)
    text = _READ.format(book=end.book, seq=end.seq, hash=end.hash)
    (folder / "README.txt").write_text(text, encoding="utf-8")
    return count


_CHAINED = ("previous", "seq", "kind", "at", "who", "about", "outcome", "body", "hash")


def _row(book: Book, connection: Connection, found: Entry) -> tuple:
    known = state(book.said(connection, [found.seq], KINDS)[found.seq])
    body = found.body or {}
    names = found.parts
    return (
        found.id, found.kind, found.at, found.who, found.subject, found.outcome, body.get("on", ""), body.get("register", ""),
        known.decision, known.decided_by, known.decided_at, known.shipped or "", names.get("facts", ""), names.get("answer", ""),
        "yes" if found.body is None else "",
    )  # fmt: skip


def _contents(book: Book, connection: Connection, seq: int, folder: Path, written: set[str]) -> None:
    for row in connection.execute(select(part).where(part.c.seq == seq)):
        if row.sha not in written:
            written.add(row.sha)
            (folder / "contents" / row.sha).write_bytes(book.unpacked(connection, row.sha, f"R{seq}"))


def _sums(folder: Path) -> None:
    lines = io.StringIO()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            lines.write(f"{digest}  {path.relative_to(folder).as_posix()}\n")
    (folder / "SHA256SUMS").write_text(lines.getvalue(), encoding="utf-8", newline="\n")

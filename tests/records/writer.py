"""A program that only writes: many threads add entries and note each number once it was acknowledged. It is killed by a test.

python -m tests.records.writer ADDRESS THREADS NOTES
"""

from __future__ import annotations

import os
import sys
import threading

from kido.errors import KidoError
from kido.records.book import Book
from kido.records.remarks import say
from tests.records.entries import new


def main(address: str, threads: int, notes: str) -> None:
    book = Book(address)
    file = os.open(notes, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def write(thread: int) -> None:
        number = 0
        while True:
            number += 1
            subject = f"{os.getpid()}-{thread}-{number}"
            try:
                two = book.add(
                    [new(subject, number=number, parts={"answer": subject.encode() * 200}), new(f"{subject} too", number=number)]
                )
                said = say(book, two[0].seq, "comment", "tanaka", subject)
            except KidoError:  # the database went away
                return
            os.write(file, f"{two[0].seq} {two[1].seq} {said.seq} {subject}\n".encode())  # one call: whole, or not there

    every = [threading.Thread(target=write, args=(number,), daemon=True) for number in range(threads)]
    for one in every:
        one.start()
    for one in every:
        one.join()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3])

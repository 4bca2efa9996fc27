"""What LibreOffice prints of a file: the text of its pages, drawn with the fonts of the package."""

import os
import shutil
import subprocess
from pathlib import Path

import pypdfium2

from kido.papers.fonts import FOLDER


def pages(data: bytes) -> list[str]:
    """The text of each page of a PDF."""
    document = pypdfium2.PdfDocument(data)
    return [document[number].get_textpage().get_text_range() for number in range(len(document))]


def printed(files: list[Path], home: Path) -> dict[str, list[str]]:
    """The pages of every file, by its name without ending; one start of the program, with a profile of its own."""
    soffice = shutil.which("soffice") or shutil.which("libreoffice")
    assert soffice, "LibreOffice is not here: apt-get install libreoffice-writer-nogui libreoffice-calc-nogui"
    settings = f'<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><dir>{FOLDER}</dir><cachedir>{home}/cache</cachedir></fontconfig>'
    (home / "fonts.conf").write_text(settings, encoding="utf-8")
    command = [
        soffice,
        f"-env:UserInstallation={(home / 'profile').as_uri()}",
        "--headless",
        "--convert-to",
        "pdf",
        "--outdir",
        str(home / "out"),
    ]
    environment = {**os.environ, "FONTCONFIG_FILE": str(home / "fonts.conf"), "HOME": str(home)}
    subprocess.run([*command, *map(str, files)], check=True, capture_output=True, timeout=300, env=environment)
    return {path.stem: pages((home / "out" / f"{path.stem}.pdf").read_bytes()) for path in files}

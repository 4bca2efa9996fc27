"""Fold text for a terminal by cell width: Japanese and Chinese have no spaces to break at."""

from __future__ import annotations

from rich.cells import cell_len

_NOT_FIRST = "、。，．・：；？！）」』】〕〉》｝)]}ー〜,.:;!?%"
_NOT_LAST = "（「『【〔〈《｛([{"


def pieces(text: str) -> list[str]:
    """Split where a line may break: at spaces, and around every wide character.

    >>> pieces("法定の45営業日")
    ['法', '定', 'の', '45', '営', '業', '日']
    """
    found: list[str] = []
    for char in text:
        glue = found and (
            char in _NOT_FIRST
            or found[-1][-1] in _NOT_LAST
            or (cell_len(char) == 1 and cell_len(found[-1][-1]) == 1 and found[-1][-1] != " ")
        )
        if glue or (found and char == " "):
            found[-1] += char
        else:
            found.append(char)
    return found


def wrapped(text: str, width: int) -> list[str]:
    """Lines no wider than `width` cells; a longer word is cut.

    >>> wrapped("許可が必要です。 ask", 10)
    ['許可が必要', 'です。 ask']
    """
    lines, line = [], ""
    text = " ".join(text.split())
    if cell_len(text) <= width:
        return [text]
    for piece in pieces(text):
        while cell_len(piece.rstrip()) > width:
            if line:
                lines.append(line.rstrip())
                line = ""
            lines.append(piece[:width])
            piece = piece[width:]
        if cell_len((line + piece).rstrip()) > width:
            lines.append(line.rstrip())
            line = piece
        else:
            line += piece
    return [*lines, line.rstrip()] if line.strip() else lines or [""]

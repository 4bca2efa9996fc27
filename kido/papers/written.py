"""What a writer gives back."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Written:
    """A paper in one format.

    data      the bytes of the file
    missing   characters that the fonts do not hold; each is printed as its number: `[U+1F600]`
    absent    names of photos that were not found; their frames are empty
    """

    data: bytes
    missing: str = ""
    absent: tuple[str, ...] = ()

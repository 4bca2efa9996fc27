"""Photos for papers: read with care, made smaller, and without what a camera writes beside the picture (place, owner)."""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from kido.errors import KidoError, Problem

MOST_BYTES = 30_000_000
MOST_PIXELS = 60_000_000
LONGEST_SIDE = 1600  # pixels kept; enough for half a page in print
_KINDS = ("JPEG", "PNG", "WEBP", "TIFF", "BMP", "GIF")


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture as JPEG, with its size in pixels."""

    data: bytes
    width: int
    height: int

    def within(self, width: float, height: float) -> tuple[float, float]:
        """The largest size of this shape inside a frame.

        >>> Photo(b"", 400, 200).within(80, 60)
        (80.0, 40.0)
        """
        scale = min(width / self.width, height / self.height)
        return self.width * scale, self.height * scale


def photo(path: Path | None) -> Photo | None:
    """The photo of a file, or None where there is no file; a file that is no photo, or far too large, is a KidoError."""
    if path is None or not path.is_file():
        return None
    about = path.stat()
    if about.st_size > MOST_BYTES:
        raise KidoError(Problem("picture-too-large", path.name, f"{about.st_size / 1e6:.0f} MB", {"most": f"{MOST_BYTES / 1e6:.0f} MB"}))
    return _read(path, about.st_mtime_ns, about.st_size)


@lru_cache(maxsize=16)
def _read(path: Path, _changed: int, _size: int) -> Photo:
    try:
        from PIL import Image, ImageOps
    except ImportError:
        raise KidoError(Problem("extra-missing", path.name, "pillow", {"extra": "papers"})) from None
    try:
        with warnings.catch_warnings(action="ignore"), Image.open(path, formats=_KINDS) as image:
            if image.width * image.height > MOST_PIXELS:
                raise _too_many_pixels(path, f"{image.width} x {image.height}")
            image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            upright = ImageOps.exif_transpose(image).convert("RGBA")
    except Image.DecompressionBombError:
        raise _too_many_pixels(path, "") from None
    except (OSError, ValueError, SyntaxError) as error:
        raise KidoError(Problem("picture-not-read", path.name, "", {"why": str(error).replace(str(path), path.name)[:120]})) from None
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    flat = Image.new("RGB", upright.size, "white")
    flat.paste(upright, mask=upright.getchannel("A"))
    out = io.BytesIO()
    flat.save(out, "JPEG", quality=85)
    return Photo(out.getvalue(), *flat.size)


def _too_many_pixels(path: Path, read: str) -> KidoError:
    return KidoError(Problem("picture-too-large", path.name, read or "–", {"most": f"{MOST_PIXELS / 1e6:.0f} MP"}))

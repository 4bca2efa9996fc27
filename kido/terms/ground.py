"""Where the ground folders are: beside the code in a checkout, inside the wheel when installed."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent


@cache
def ground(folder: str) -> Path:
    """Path of a ground folder (`law`, `cases`, ...).

    `KIDO_GROUND` names another root, for trying out a changed register.
    """
    override = os.environ.get("KIDO_GROUND")
    roots = [Path(override)] if override else [PACKAGE / "ground", PACKAGE.parent]
    for root in roots:
        if (root / folder).is_dir():
            return root / folder
    raise FileNotFoundError(f"no folder {folder!r} under {', '.join(map(str, roots))}")

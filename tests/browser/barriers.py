"""Barriers in a page for people who see, hear or move otherwise, found by axe-core (installed by dev.py)."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from playwright.sync_api import Page

AXE = Path(__file__).resolve().parents[2] / ".venv/axe/node_modules/axe-core/axe.min.js"
GRAVE = ("serious", "critical")
RUN = "async () => (await axe.run(document, { resultTypes: ['violations'], preload: false, iframes: false })).violations"


@lru_cache(maxsize=1)
def _program() -> str:
    assert AXE.exists(), "axe-core is not here; `python3 dev.py test` installs it"
    return AXE.read_text(encoding="utf-8")


def grave(page: Page) -> list[str]:
    """Serious and critical findings, each with the places it was found at."""
    page.evaluate(_program())
    return [
        f"{one['impact']} {one['id']}: {one['help']}: {'; '.join(str(node['target']) for node in one['nodes'][:5])}"
        for one in page.evaluate(RUN)
        if one["impact"] in GRAVE
    ]

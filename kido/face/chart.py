"""Charts as SVG, drawn by Altair (extra `charts`): one bar per span, its colour by standing, its name on hover.

SVG only: its text is set by the fonts of whoever looks at it, so that no glyph is missing.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from kido.errors import KidoError, Problem
from kido.face.language import word

_COLOURS = {"not_yet": "#c9c9c9", "in_force": "#1a3e8c", "suspended": "#f0b323", "unknown": "#d95f5f", "ended": "#f4f4f4"}
_FONT = "Noto Sans JP, Noto Sans CJK JP, Hiragino Sans, Yu Gothic, sans-serif"


def timeline(shown: dict, path: Path, lang: str) -> None:
    """Draw the spans of `history_view.timeline`."""
    if path.suffix.lower() != ".svg":
        raise KidoError(Problem("chart-format", "--chart", path.name))
    try:
        import altair as alt
    except ImportError:
        raise KidoError(Problem("extra-missing", "--chart", "altair", {"extra": "charts"})) from None
    start, end = shown["from"], shown["until"]
    names = {status: word(f"history.{status}", lang) for status in _COLOURS}
    rows = [
        {
            "measure": f"{m['place']} {m['number'] or m['id']} {m['title']}"[:60],
            "order": number,
            "from": max(span["from"], start),
            "until": min(span["until"] or end, end),
            "standing": names[span["status"]],
        }
        for number, m in enumerate(shown["measures"])
        for span in m["spans"]
        if span["status"] in names
    ]
    years = max(1, date.fromisoformat(end).year - date.fromisoformat(start).year)
    chart = (
        alt.Chart(alt.Data(values=rows))
        .mark_bar(height=11, stroke="#555555", strokeWidth=0.5)
        .encode(
            x=alt.X("from:T", title=None, axis=alt.Axis(format="%Y-%m" if years < 4 else "%Y", grid=True)),
            x2="until:T",
            y=alt.Y("measure:N", sort=alt.SortField("order"), title=None, axis=alt.Axis(labelLimit=520)),
            color=alt.Color(
                "standing:N",
                title=None,
                scale=alt.Scale(domain=list(names.values()), range=list(_COLOURS.values())),
                legend=alt.Legend(orient="top"),
            ),
            tooltip=["measure:N", "standing:N", "from:N", "until:N"],
        )
        .properties(width=640, height=alt.Step(17))
        .configure(font=_FONT)
    )
    chart.save(str(path))

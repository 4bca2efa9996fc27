"""Flags that many commands share."""

from __future__ import annotations

from typing import Annotated

import typer

Lang = Annotated[str | None, typer.Option("--lang", help="ja or en; the locale's language if left out")]
On = Annotated[str | None, typer.Option("--on", help="day judged, for example 2026-11-23; today if left out")]
KnownOn = Annotated[str | None, typer.Option("--known-on", help="use only acts published by this day")]
Json = Annotated[bool, typer.Option("--json", help="one JSON object per answer")]
JsonLines = Annotated[bool, typer.Option("--jsonl", help="one line of JSON per answer")]
Keep = Annotated[bool, typer.Option("--keep", envvar="KIDO_KEEP", help="keep the answer in the records; 答えを記録する")]

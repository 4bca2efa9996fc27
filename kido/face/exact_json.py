"""JSON: read with every figure as it is written (99.90 stays 99.90), and written in one spelling."""

from __future__ import annotations

import json

from kido.errors import KidoError, Problem


def exact(text: str, name: str, line: bool = False) -> object:
    """JSON with figures and constants as they are written; a problem has line and column, of one line the column.

    >>> exact('{"purity_pct": 99.90, "density_g_cm3": NaN}', "t.json")
    {'purity_pct': '99.90', 'density_g_cm3': 'NaN'}
    """

    def no_constant(word: str) -> str:
        return word  # NaN and Infinity reach the door, which refuses them by name

    def once(pairs: list[tuple[str, object]]) -> dict:
        found = dict(pairs)
        if len(found) < len(pairs):
            names = [key for key, _ in pairs]
            raise KidoError(Problem("duplicate-key", name, next(key for key in names if names.count(key) > 1)))
        return found

    try:
        return json.loads(text, parse_float=str, parse_int=str, parse_constant=no_constant, object_pairs_hook=once)
    except RecursionError:
        raise KidoError(Problem("json-syntax", name, text.strip()[:60], {"why": "nested too deeply"})) from None
    except json.JSONDecodeError as error:
        place = f"{name}:{error.colno}" if line else f"{name}:{error.lineno}:{error.colno}"
        raise KidoError(Problem("json-syntax", place, text.strip()[:60], {"why": error.msg})) from None


def encoded(shown: object) -> bytes:
    """An answer as it goes over HTTP and into the records.

    >>> encoded({"answer": "許可必要"}).decode()
    '{"answer":"許可必要"}'
    """
    return json.dumps(shown, ensure_ascii=False, separators=(",", ":")).encode()

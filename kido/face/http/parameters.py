"""What the framework says of a parameter, in our own words."""

from __future__ import annotations

from kido.errors import Problem


def parameter_problem(error: dict) -> Problem:
    """A problem of its kind, in ja and en.

    >>> parameter_problem({"type": "greater_than_equal", "loc": ("query", "limit"), "input": "0", "ctx": {"ge": 1}}).wrong("en")
    'limit is at least 1; it was "0".'
    """
    kind, name, read, more = error["type"], str(error["loc"][-1]), str(error.get("input", ""))[:60], error.get("ctx", {})
    if kind == "missing":
        return Problem("parameter-missing", name, "", {"name": name})
    if kind in ("int_parsing", "int_type", "int_parsing_size", "int_from_float"):
        return Problem("parameter-no-number", name, read, {"name": name})
    if kind in ("greater_than_equal", "string_too_short"):
        least = more.get("ge", more.get("min_length"))
        return Problem(
            "parameter-empty" if kind == "string_too_short" else "parameter-too-small", name, read, {"name": name, "least": str(least)}
        )
    if kind == "less_than_equal":
        return Problem("parameter-too-great", name, read, {"name": name, "most": str(more["le"])})
    if kind == "string_too_long":
        return Problem("too-long", name, read, {"most": f"{more['max_length']:,}"})
    if kind == "literal_error":
        return Problem(
            "not-one-of", name, read, {"fact": name, "values": more["expected"].replace("'", "").replace(" or ", ", "), "near": ""}
        )
    if kind == "bool_parsing":
        return Problem("not-one-of", name, read, {"fact": name, "values": "true, false", "near": ""})
    return Problem("bad-parameter", name, read, {"why": error["msg"]})

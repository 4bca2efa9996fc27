"""Where DuckDB and Spark write the same thing differently: names, texts, whole figures and division.

A figure is a whole number of 10^-12 up to LIMIT.  Both databases hold 38 digits, so a figure is divided before it
is multiplied wherever the product could be longer; that is exact, because the remainder is carried along.
"""

from __future__ import annotations

from dataclasses import dataclass

from kido.terms.amounts import LIMIT, SCALE

HALF = 10**7  # a share is a figure times 100 * SCALE = HALF * HALF, a half at a time
FAR = LIMIT // 10  # a share so far above LIMIT per cent that no highest share reaches it: more digits would not fit
assert HALF * HALF == 100 * SCALE


@dataclass(frozen=True, slots=True)
class Dialect:
    """How one database writes names, texts and figures.

    >>> DIALECTS["duckdb"].name('a"b'), DIALECTS["spark"].name("a.b"), DIALECTS["duckdb"].text("it's")
    ('"a""b"', '`a.b`', "'it''s'")
    """

    key: str
    quote: str
    figure: str  # type of figures
    contains: str  # function: a list has a value
    begins: str  # function: a text begins with another
    settings: tuple[str, ...] = ()  # to execute before a query

    def name(self, text: str) -> str:
        return self.quote + text.replace(self.quote, self.quote * 2) + self.quote

    def text(self, words: str) -> str:
        if self.key == "spark":  # escapes are read in a text, and ${...} is replaced before it is parsed
            return "'" + words.replace("\\", "\\\\").replace("'", "\\'").replace("$", "\\u0024") + "'"
        return "'" + words.replace("'", "''") + "'"

    def texts(self, words: tuple[str, ...]) -> str:
        return "(" + ", ".join(map(self.text, words)) + ")"

    def whole(self, value: int) -> str:
        return f"CAST({value} AS {self.figure})"

    def has(self, column: str, value: str) -> str:
        return f"{self.contains}({column}, {self.text(value)})"

    # -- division that rounds down, also below zero; the divisor is above zero --------------------

    def quotient(self, part: str, by: str) -> str:
        if self.key == "spark":  # `div` would answer 64 bits, and `/` rounds what does not go up evenly
            return f"CAST(({part} - pmod({part}, {by})) / {by} AS {self.figure})"
        return f"({part} // {by} - CAST({part} % {by} < 0 AS {self.figure}))"

    def remainder(self, part: str, by: str) -> str:
        return f"pmod({part}, {by})" if self.key == "spark" else f"(({part} % {by} + {by}) % {by})"

    def divided(self, part: str, by: str, up: bool) -> str:
        """What is not below zero, divided; rounded down, or `up`."""
        part = f"({part} + {by} - {self.whole(1)})" if up else part
        return self.quotient(part, by) if self.key == "spark" else f"({part} // {by})"

    def times(self, part: str, top: int, bottom: int, up: bool) -> str:
        """`part` times top/bottom: whole multiples of the bottom first, then the rest."""
        if bottom == 1:
            return f"({part} * {self.whole(top)})"
        by, times = self.whole(bottom), self.whole(top)
        rest = f"({self.remainder(part, by)} * {times})"
        return f"({self.quotient(part, by)} * {times} + {self.divided(rest, by, up)})"

    def share(self, part: str, whole: str, end: str) -> str:
        """As `judge.share_bounds`, by long division in two steps; `whole` is above zero."""
        half, up = self.whole(HALF), end == "high"
        rest = f"({self.remainder(part, whole)} * {half})"
        last = f"({self.remainder(rest, whole)} * {half})"
        first = f"LEAST({self.quotient(part, whole)}, {self.whole(FAR)})"
        return f"({first} * {self.whole(HALF * HALF)} + {self.divided(rest, whole, False)} * {half} + {self.divided(last, whole, up)})"


DIALECTS = {
    "duckdb": Dialect(
        "duckdb", '"', "HUGEINT", "list_contains", "starts_with", ("PRAGMA disable_optimizer",)
    ),  # shared steps are columns already
    "spark": Dialect("spark", "`", "DECIMAL(38, 0)", "array_contains", "startswith"),
}

SPARK = {  # of a session: quiet, on this machine only, and without what takes minutes over thousands of columns
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "OFF",
    "spark.sql.caseSensitive": "true",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.sql.optimizer.excludedRules": "org.apache.spark.sql.catalyst.optimizer.CollapseProject",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.shuffle.partitions": "2",
    "spark.driver.extraJavaOptions": "-Xss64m",
}

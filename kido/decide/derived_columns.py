"""What follows from stated facts, in columns: the twin of `derive`, for rows of a table.

laid_out(frame, terms)        the columns that follow, empty where nobody stated them
named(frame, terms)           element -> whether the goods are named for it
followed(frame, contents …)   with what follows
state(fact, value …)          whether a fact that may be more than it says is a value
contradictions(…)             rows whose words contradict each other: the door says how
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

import polars as pl

from kido.decide.content_columns import LISTED, LISTED_COUNT, PRESENT_COUNT, PRESENT_HIGH, REST, Contents
from kido.decide.contents import HUNDRED
from kido.terms.vocabulary import Terms

POWDER_SAID = "form.powder"
_HALF = HUNDRED // 2
_MAGNET_METALS = ("Nd", "Pr", "Sm", "Dy", "Tb")
_PARTNERS = ("Fe", "Co", "Ni", "Cu", "Al", "Mg")
_FAMILIES = {"NdFeB": ("Nd", "Fe", "B"), "SmCo": ("Sm", "Co")}
_MAGNETS = ("magnet", "magnet_powder")
MIXED = "mixed"
_STATED = ("form", "element", "magnet_family")


def _is(column: str, *values: str) -> pl.Expr:
    """A worded fact surely has one of these values."""
    return pl.any_horizontal([pl.col(column) == value for value in values]).fill_null(False) if values else pl.lit(False)


def laid_out(frame: pl.DataFrame, terms: Terms) -> pl.DataFrame:
    """Every column that can follow is there, and what was stated is kept beside it."""
    lists = {
        "form": terms.choices["form"], "element": (*terms.elements, MIXED), "substance": terms.choices["substance"],
        "magnet_family": terms.choices["magnet_family"], "origin": terms.places, "equipment": terms.choices["equipment"],
        "act": terms.choices["act"],
    }  # fmt: skip
    odd = [name for name, words in lists.items() if name in frame.columns and frame.schema[name] != pl.Enum(list(dict.fromkeys(words)))]
    frame = frame.with_columns(pl.col(name).cast(pl.String).cast(pl.Enum(list(dict.fromkeys(lists[name])))) for name in odd)
    empty = [
        pl.lit(None, dtype=pl.Enum(list(dict.fromkeys(words)))).alias(name) for name, words in lists.items() if name not in frame.columns
    ]
    flags = ("technology_supplied", "cn_origin", "form_is_exact", "element_is_exact", "magnet_family_is_exact", "powder_or_granules")
    empty += [pl.lit(None, dtype=pl.Boolean).alias(name) for name in flags if name not in frame.columns]
    frame = frame.with_columns(empty).with_columns(pl.col(name).alias(f"{name}.stated") for name in _STATED)
    if POWDER_SAID in frame.columns:
        said = pl.when(POWDER_SAID).then(True)
        frame = frame.with_columns(pl.coalesce("powder_or_granules", said).alias("powder_or_granules"))
    return frame


def named(frame: pl.DataFrame, terms: Terms) -> dict[str, pl.Expr]:
    """The elements that stated words name: they are present, however little is known of them."""
    ways: dict[str, list[pl.Expr]] = {}
    for symbol in _met(frame, "element"):
        if symbol != MIXED:
            ways.setdefault(symbol, []).append(_is("element", symbol))
    for id in _met(frame, "substance"):
        for symbol in terms.choices["substance"][id].elements:
            ways.setdefault(symbol, []).append(_is("substance", id))
    for family in _met(frame, "magnet_family"):
        for symbol in _FAMILIES.get(family, ()):
            ways.setdefault(symbol, []).append(_is("magnet_family", family))
    return {symbol: pl.any_horizontal(parts) for symbol, parts in ways.items()}


def _met(frame: pl.DataFrame, column: str) -> list[str]:
    return frame[column].unique().drop_nulls().cast(pl.String).sort().to_list()


def followed(frame: pl.DataFrame, contents: Contents, terms: Terms, complete: pl.Expr) -> pl.DataFrame:
    """As `derive.derive`, in its order; a stated fact is never overridden."""
    kinds = frame.schema
    usual: dict[str, list[str]] = {}
    for id in _met(frame, "substance"):
        usual.setdefault(terms.choices["substance"][id].form, []).append(id)
    form = pl.col("form")
    for name, ids in usual.items():
        if name:
            form = form.fill_null(pl.when(_is("substance", *ids)).then(pl.lit(name, dtype=kinds["form"])))
    form = form.fill_null(pl.when(_is("act", "technology_transfer")).then(pl.lit("technology", dtype=kinds["form"])))
    china = pl.when(pl.col("cn_origin").fill_null(False)).then(pl.lit("CN", dtype=kinds["origin"]))
    frame = frame.with_columns(form.alias("form"), pl.col("origin").fill_null(china).alias("origin"))
    technology = pl.when(_is("form", "technology")).then(True)
    most = _majority(contents, complete, kinds["element"])
    frame = frame.with_columns(
        pl.col("technology_supplied").fill_null(technology), most.alias("majority"),
        pl.col("element").fill_null(most), _family(contents, kinds["magnet_family"]).alias("family"),
        _majority(contents, None, kinds["element"]).alias("majority.open"),
    )  # fmt: skip
    magnet = pl.when(_is("form", *_MAGNETS)).then(pl.col("family"))
    return frame.with_columns(pl.col("magnet_family").fill_null(magnet)).with_columns(_besides(frame, contents, terms))


def _besides(frame: pl.DataFrame, contents: Contents, terms: Terms) -> list[pl.Expr]:
    """What several values of a fact have in common in what it may be beside itself."""
    open_form = ~pl.col("form_is_exact").fill_null(False)
    usual = pl.col("form.stated").is_null() & ~_is("act", "technology_transfer")
    metals = contents.present(*_MAGNET_METALS)
    substances = terms.choices["substance"]
    exact = [_is("substance", id) & _is("form", substances[id].form) for id in _met(frame, "substance") if substances[id].form]
    some = pl.col("equipment").is_not_null() & ~_is(
        "equipment", *(w for w in ("other", "none") if w in frame.schema["equipment"].categories)
    )
    most = [pl.when(_is("element", symbol) & contents.listed(symbol)).then(contents.high(symbol)) for symbol in contents.stated]
    if contents.only_named:
        named = pl.any_horizontal([_is("element", symbol) & contents.listed(symbol) for symbol in contents.only_named])
        most.append(pl.when(named).then(pl.col(PRESENT_HIGH)))
    hardly = pl.coalesce(*most, pl.col(REST), pl.lit(0, dtype=pl.Int64)) <= _HALF // 50
    stated = pl.col("element.stated").is_not_null() & ~_is("element", MIXED)
    return [
        (open_form & usual).alias("form.usual"), (open_form & ~usual).alias("form.near"),
        pl.any_horizontal([pl.lit(False), *exact]).alias("form.of_substance"),
        (open_form & _is("form", "article") & metals & (pl.col(PRESENT_COUNT) > 1)).alias("form.magnet_article"),
        (open_form & _is("form", "metal") & metals & contents.present(*_PARTNERS)).alias("form.alloyed"),
        (open_form & _is("form", "article", "assembly") & some).alias("form.equipment"),
        (stated & hardly & ~pl.col("element_is_exact").fill_null(False)).alias("element.hardly"),
    ]  # fmt: skip


def _majority(contents: Contents, complete: pl.Expr | None, kind: pl.Enum) -> pl.Expr:
    """The element with more than half of the mass, of which there is one at the most; "mixed" where surely none has it."""
    symbols = kind.categories.to_list()

    def number(tests: dict[str, pl.Expr]) -> pl.Expr:
        """The number of the one element whose test holds, from 1."""
        parts = [test.cast(pl.UInt16) * (symbols.index(symbol) + 1) for symbol, test in tests.items()]
        return pl.sum_horizontal(parts) if parts else pl.lit(0, dtype=pl.UInt16)

    over = number({symbol: (contents.listed(symbol) & (contents.low(symbol) > _HALF)).fill_null(False) for symbol in contents.stated})
    none_can = [~contents.listed(symbol) | (contents.high(symbol) <= _HALF) for symbol in contents.stated]
    if contents.only_named:
        some = pl.any_horizontal([contents.listed(symbol) for symbol in contents.only_named])
        none_can.append(~some | (pl.col(PRESENT_HIGH) <= _HALF))
    open_ = pl.col(REST).is_null() | (pl.col(REST) <= _HALF)
    mixed = pl.when(pl.all_horizontal([pl.col(PRESENT_COUNT) > 0, *none_can, open_])).then(symbols.index(MIXED) + 1).otherwise(0)
    found = pl.when(over > 0).then(over)
    if complete is not None:
        alone = number({symbol: contents.present(symbol) for symbol in contents.elements})
        found = found.when(complete & (pl.col(LISTED_COUNT) == 1) & (pl.col(PRESENT_COUNT) == 1)).then(alone)
    place = found.otherwise(mixed.cast(pl.UInt16))
    return pl.when(place.is_between(1, len(symbols))).then(place - 1).cast(pl.UInt8).cat.to(kind)  # else: a list the door refuses


def _has(contents: Contents, needs: tuple[str, ...]) -> pl.Expr:
    return pl.all_horizontal([contents.present(symbol) for symbol in needs])


def _family(contents: Contents, kind: pl.DataType) -> pl.Expr:
    """Magnet family by the elements surely present; nothing is concluded from both metals."""
    neodymium, samarium = (_has(contents, needs) for needs in _FAMILIES.values())
    both = contents.present("Nd") & contents.present("Sm")
    first = pl.when(neodymium & ~samarium & ~both).then(pl.lit("NdFeB", dtype=kind))
    return first.when(samarium & ~neodymium & ~both).then(pl.lit("SmCo", dtype=kind)).otherwise(pl.lit(None, dtype=kind))


def contradictions(frame: pl.DataFrame, contents: Contents, facts: Collection[str]) -> pl.Expr:
    """A magnet stated as one family whose contents say the other; Chinese origin and another origin."""
    families = _is("form", *_MAGNETS) & pl.col("family").is_not_null() & pl.col("magnet_family.stated").is_not_null()
    against = (families & (pl.col("family") != pl.col("magnet_family.stated"))).fill_null(False)
    if "cn_origin" not in facts:
        return against
    origin = pl.col("cn_origin").fill_null(False) & pl.col("origin").is_not_null() & (pl.col("origin") != "CN")
    return against | origin.fill_null(False)


# -- what a fact may be beside what it says --------------------------------------------------


def state(fact: str, value: str, frame: pl.DataFrame, contents: Contents, terms: Terms) -> pl.Expr:
    """Whether a fact is a value: null where it may be beside its own, or where nothing rules it out."""
    column = pl.col(fact)
    if fact == "via":
        return column.list.contains(value)
    if value not in frame.schema[fact].categories:
        return pl.when(column.is_not_null()).then(False)
    beside, out = _BESIDE[fact](value, frame, contents, terms), pl.lit(False)
    if fact == "substance":
        out = _no_substance(value, terms)
    elif fact == "element":
        out = _absent(value, contents)
    unknown = pl.when(out).then(False)
    return pl.when(column.is_null()).then(unknown).when(column == value).then(True).when(beside).then(None).otherwise(False)


def _form_beside(value: str, frame: pl.DataFrame, contents: Contents, terms: Terms) -> pl.Expr:
    """As `derive._form_beside`: neighbouring words, and forms that the contents speak for."""
    near = [form for form, others in terms.near_forms.items() if value in others]
    found = [pl.col("form.usual")] if value not in ("technology", "software") else []
    if near:
        beside = pl.col("form.near") & _is("form", *near)
        found.append(beside & ~pl.col("form.of_substance") if value == "oxide" else beside)
    if value in (*_MAGNETS, "alloy"):
        found.append(pl.col("form.magnet_article"))
    if value == "alloy":
        found.append(pl.col("form.alloyed"))
    if value == "equipment":
        found.append(pl.col("form.equipment"))
    return pl.any_horizontal(found) if found else pl.lit(False)


def _element_beside(value: str, frame: pl.DataFrame, contents: Contents, terms: Terms) -> pl.Expr:
    """Goods said to be named for an element that is hardly in them may be named for the majority."""
    return pl.lit(False) if value == MIXED else pl.col("element.hardly") & _is("majority.open", value)


def _family_beside(value: str, frame: pl.DataFrame, contents: Contents, terms: Terms) -> pl.Expr:
    if value not in _FAMILIES:
        return pl.lit(False)
    stated = pl.col("magnet_family.stated").is_not_null()
    return stated & _has(contents, _FAMILIES[value]) & ~pl.col("magnet_family_is_exact").fill_null(False)


def _no_substance(value: str, terms: Terms) -> pl.Expr:
    """Goods said to be named for one element are none of the named substances without it."""
    elements = terms.choices["substance"][value].elements
    if not elements:
        return pl.lit(False)
    stated = pl.col("element.stated").is_not_null() & ~_is("element", MIXED)
    return stated & ~_is("element", *elements) & ~_is("form", "ore")


def _absent(value: str, contents: Contents) -> pl.Expr:
    """An element that is surely not in the goods."""
    if value == MIXED:
        return pl.lit(False)
    closed = pl.col(REST).is_null() & pl.col(LISTED)
    if value not in contents:
        return closed
    return (contents.listed(value) & (contents.high(value) == 0)) | (closed & ~contents.listed(value))


_BESIDE: Mapping[str, object] = {
    "form": _form_beside, "element": _element_beside, "magnet_family": _family_beside,
    "substance": lambda value, frame, contents, terms: pl.lit(False),
}  # fmt: skip

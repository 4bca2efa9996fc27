"""The questions a user asks, one short function each. Faces call these and nothing below."""

from kido.desk.answers import determine, explain
from kido.desk.asking import interview, next_question, resume
from kido.desk.batches import batch, header_of, row_of
from kido.desk.confirmed import confirm_columns, forget_columns, told_columns
from kido.desk.days import as_date
from kido.desk.law import act, as_of, coverage, diff, history, register, search, standing, timeline
from kido.desk.on_spark import on_spark
from kido.desk.papers import fill_form, papers, write_papers
from kido.desk.parties import party_lists, screen, screen_many
from kido.desk.shelf import (
    at,
    bundle,
    check,
    diff_versions,
    distrust,
    distrusted,
    export,
    foreign,
    foreign_add,
    foreign_remove,
    make_key,
    overridden,
    pull,
    remove_version,
    trust,
    trusted,
    use,
    versions,
)
from kido.desk.vocabulary import lists, schema, words

__all__ = [
    "act",
    "as_date",
    "as_of",
    "at",
    "batch",
    "bundle",
    "check",
    "confirm_columns",
    "coverage",
    "determine",
    "diff",
    "diff_versions",
    "distrust",
    "distrusted",
    "explain",
    "export",
    "fill_form",
    "foreign",
    "foreign_add",
    "foreign_remove",
    "forget_columns",
    "header_of",
    "history",
    "interview",
    "lists",
    "make_key",
    "next_question",
    "on_spark",
    "overridden",
    "papers",
    "party_lists",
    "pull",
    "register",
    "remove_version",
    "resume",
    "row_of",
    "schema",
    "screen",
    "screen_many",
    "search",
    "standing",
    "timeline",
    "told_columns",
    "trust",
    "trusted",
    "use",
    "versions",
    "words",
    "write_papers",
]

"""The questions a user asks, one short function each. Faces call these and nothing below; each is loaded when it is first used."""

from importlib import import_module

_ROOMS = {
    "answers": ("determine", "explain"),
    "asking": ("interview", "next_question", "resume"),
    "batches": ("batch", "header_of", "row_of"),
    "confirmed": ("confirm_columns", "forget_columns", "told_columns"),
    "days": ("as_date",),
    "editions": ("bulk",),
    "law": ("act", "as_of", "coverage", "diff", "history", "register", "search", "standing", "timeline"),
    "spark": ("on_spark",),
    "paper": ("fill_form", "papers", "write_papers"),
    "parties": ("party_lists", "screen", "screen_many"),
    "recorded": (
        "alone_may",
        "backup_records",
        "book",
        "determined",
        "due_records",
        "export_records",
        "keep",
        "papered",
        "part_of",
        "people",
        "record",
        "records",
        "records_held",
        "remark",
        "remove_records",
        "restore_records",
        "screened",
        "tabled",
        "user",
        "verify_records",
    ),
    "replayed": ("replay",),
    "shelf": (
        "at",
        "bundle",
        "check",
        "diff_versions",
        "distrust",
        "distrusted",
        "export",
        "foreign",
        "foreign_add",
        "foreign_remove",
        "make_key",
        "overridden",
        "pull",
        "remove_version",
        "trust",
        "trusted",
        "use",
        "versions",
    ),
    "vocabulary": ("lists", "schema", "words"),
}
_ROOM = {name: room for room, names in _ROOMS.items() for name in names}
__all__ = sorted(_ROOM)


def __getattr__(name: str):
    if name not in _ROOM:
        raise AttributeError(f"module 'kido.desk' has no attribute {name!r}")
    return getattr(import_module(f"kido.desk.{_ROOM[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})

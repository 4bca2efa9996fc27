"""Exchange and versions of the register on the terminal: export, foreign layers, bundles, keys."""

from __future__ import annotations

import json
import sys

from kido import desk
from kido.errors import KidoError
from kido.face.cli.sheet import Page
from kido.face.language import chosen, word


def export(format: str, into: str, on: str | None, replace: bool, lang: str | None, as_json: bool) -> None:
    """Write, then say what was written and what was lost."""
    lang = chosen(lang)
    files, lost = desk.export(format, into, on, replace)
    if as_json:
        print(
            json.dumps(
                {"files": [str(f) for f in files], "loss": lost.to_dict() if lost else None}, ensure_ascii=False, default=str, indent=2
            )
        )
        return
    page = Page(lang)
    for file in files:
        page.line(str(file), mark="▸")
    if lost is None:
        page.line(word("export.whole", lang))
        return
    fields = {fate: sum(f.fate == fate for f in lost.fates) for fate in ("carried", "part", "lost")}
    page.line(word("export.loss", lang, measures=len(lost.carried), left=len(lost.left_out), lost=fields["lost"], part=fields["part"]))
    if lost.standings:
        page.line(word("export.standing", lang, count=len(lost.standings), on=lost.standing_on), mark="※")


def foreign(file: str | None, remove: str | None, replace: bool, lang: str | None, as_json: bool) -> None:
    """Add or remove a layer; else show the rows beside ours and the disagreements."""
    lang = chosen(lang)
    page = Page(lang)
    if remove:
        desk.foreign_remove(remove)
        page.line(word("foreign.removed", lang, name=remove))
        return
    if file:
        layer = desk.foreign_add(file, replace)
        page.line(word("foreign.added", lang, name=layer.name, rows=len(layer.rows)))
        if layer.encoding != "UTF-8":
            page.line(word("foreign.encoding", lang, encoding=layer.encoding), mark="※")
    shown = desk.foreign()
    if as_json:
        import dataclasses

        print(json.dumps([dataclasses.asdict(d) for d in shown.disagreements], ensure_ascii=False, default=str, indent=2))
        return
    page.line(word("foreign.beside", lang, rows=len(shown.beside), disagreements=len(shown.disagreements)), style="bold")
    for disagreement in shown.disagreements:
        page.line(f"{word('foreign.about.' + disagreement.about, lang)}  {disagreement.measure}", 1, style="bold")
        for statement in disagreement.statements:
            page.line(word("foreign.says", lang, who=statement.who, since=statement.since, says=statement.says, source=statement.source), 2)


def bundle(key: str, into: str, lang: str | None, as_json: bool) -> None:
    lang = chosen(lang)
    made = desk.bundle(key, into)
    if as_json:
        print(
            json.dumps(
                {"path": str(made.path), "sha256": made.sha256, "version": made.version, "cite": made.manifest.get("cite")},
                ensure_ascii=False,
            )
        )
        return
    page = Page(lang)
    page.line(word("bundle.made", lang, path=made.path, version=made.version, sha256=made.sha256, fingerprint=made.fingerprint))


def key(path: str, lang: str | None) -> None:
    lang = chosen(lang)
    Page(lang).line(word("key.made", lang, path=path, fingerprint=desk.make_key(path)))


def trust(name: str, file: str | None, remove: bool, lang: str | None) -> None:
    lang = chosen(lang)
    page = Page(lang)
    if remove:
        desk.distrust(name)
        page.line(word("key.distrusted", lang, name=name))
        _distrusted(page, lang)
    elif file is None:
        for known, print_ in desk.trusted().items():
            page.line(f"{known}  {print_}", mark="▸")
    else:
        page.line(word("key.trusted", lang, name=name, fingerprint=desk.trust(name, file)))


def pull(source: str, lang: str | None, as_json: bool) -> None:
    """Progress goes to stderr, and only to a terminal."""
    lang = chosen(lang)

    def progress(done: int, whole: int | None = None) -> None:
        if sys.stderr.isatty():
            print(f"\r{done // 1024} KiB{f' / {whole // 1024} KiB' if whole else ''}", end="", file=sys.stderr)

    found = desk.pull(source, progress)
    if sys.stderr.isatty():
        print(file=sys.stderr)
    if as_json:
        print(json.dumps({"version": found.version, "signer": found.signer, "sha256": found.sha256}))
        return
    Page(lang).line(word("pull.done", lang, version=found.version, signer=found.signer, fingerprint=found.fingerprint))


def use(version: str, lang: str | None) -> None:
    lang = chosen(lang)
    found = desk.use(version)
    page = Page(lang)
    page.line(word("use.done", lang, version=found.version, name=found.name))
    if found.instead_of:
        page.line(word("use.older", lang, verified=found.stated["verified"], before=found.instead_of), mark="※", style="bold")
    if desk.overridden():
        page.line(word("use.overridden", lang), mark="※")


def versions(lang: str | None, as_json: bool, diff: tuple[str, str] | None, remove: str | None) -> None:
    lang = chosen(lang)
    page = Page(lang)
    if remove:
        desk.remove_version(remove)
        page.line(word("versions.removed", lang, name=remove))
        return
    if diff:
        _diff(page, diff, lang, as_json)
        return
    found = desk.versions()
    if as_json:
        rows = [
            {"name": v.name, "version": v.version, "in_use": v.in_use, "signer": v.signer, "verified": v.stated.get("verified")}
            | {"problems": [problem.to_dict() for problem in v.problem.problems] if v.problem else []}
            for v in found
        ]
        print(json.dumps(rows, ensure_ascii=False, default=str, indent=2))
        return
    for version in found:
        state = word("versions.in_use", lang) if version.in_use else ""
        page.line(f"{version.name}  {version.version}  {version.stated.get('verified', '')}  {version.signer}  {state}", mark="▸")
        if version.problem:
            page.line(version.problem.text(lang), 2)
    _distrusted(page, lang)


def _distrusted(page: Page, lang: str) -> None:
    """Say that answers come from a register whose signer is no longer trusted."""
    try:
        problem = desk.distrusted()
    except KidoError:  # the choice is lost, or its version: said where the register is asked
        return
    if problem:
        page.line(f"{problem.wrong(lang)} {problem.do(lang)}", mark="※", style="bold")


def _diff(page: Page, names: tuple[str, str], lang: str, as_json: bool) -> None:
    from kido.face.history_view import versions_diff

    shown = versions_diff(desk.diff_versions(*names), lang)
    if as_json:
        print(json.dumps(shown, ensure_ascii=False, indent=2))
        return
    for change in shown:
        page.line(f"{change['words']} {change['id']}" + (f": {', '.join(change['names'])}" if change["names"] else ""), mark="▸")
    page.line(word("versions.changes", lang, count=len(shown), first=names[0], last=names[1]))

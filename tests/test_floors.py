"""The floors of the house: a room imports only from floors below; no circle; small files; no vague names."""

from __future__ import annotations

import ast
import statistics
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
CODE = ROOT / "kido"
FLOORS = {
    "errors": 1,
    "terms": 1,
    "rule": 2,
    "register": 3,
    "records": 3,
    "screen": 4,
    "decide": 5,
    "papers": 6,
    "desk": 7,
    "__init__": 7,
    "face": 8,
    "__main__": 9,
}
VAGUE = {"engine", "manager", "handler", "processor", "service", "util", "utils", "helper", "helpers", "common", "base", "misc", "data"}
MOST_LINES = 400

FILES = sorted(CODE.rglob("*.py"))


def module_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def room_of(module: str) -> str:
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else "__init__"


MODULES = {module_of(path): path for path in FILES}


def imports(path: Path) -> set[str]:
    """Every module of kido named in an import statement, wherever it stands in the file."""
    here = module_of(path)
    package = here if path.name == "__init__.py" else here.rpartition(".")[0]
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*above, *([base] if base else [])])
            for alias in node.names:
                below = f"{base}.{alias.name}"
                found.add(below if below in MODULES else base)
    return {name for name in found if name == "kido" or name.startswith("kido.")}


def test_code_was_found():
    assert len(FILES) > 30


def test_every_room_stands_on_a_floor():
    assert {room_of(module) for module in MODULES} <= set(FLOORS)


@pytest.mark.parametrize("module", sorted(MODULES))
def test_a_room_imports_only_from_floors_below(module):
    room = room_of(module)
    for name in imports(MODULES[module]):
        assert name in MODULES, f"{module} imports {name}, which does not exist"
        other = room_of(name)
        if other == room:
            continue
        if room == "__init__":
            assert other in ("desk", "errors"), f"{module} imports {name}"
        elif name == "kido":
            assert FLOORS[room] > FLOORS["__init__"], f"{module} imports kido itself"
        elif (room, other) == ("terms", "errors"):
            continue
        else:
            assert FLOORS[other] < FLOORS[room], f"{module} imports {name}: floor {FLOORS[other]} from floor {FLOORS[room]}"


def test_no_circle_of_modules():
    """Type-only imports and imports inside functions count."""
    edges = {module: imports(path) - {module} for module, path in MODULES.items()}
    state: dict[str, int] = {}
    trail: list[str] = []

    def visit(module: str) -> None:
        if state.get(module) == 2:
            return
        assert state.get(module) != 1, f"circle: {' -> '.join([*trail[trail.index(module) :], module])}"
        state[module] = 1
        trail.append(module)
        for name in sorted(edges.get(module, ())):
            if name in MODULES:
                visit(name)
        trail.pop()
        state[module] = 2

    for module in sorted(MODULES):
        visit(module)


def test_no_file_is_long(record_property):
    lines = {module: len(path.read_text(encoding="utf-8").splitlines()) for module, path in MODULES.items()}
    record_property("median_lines", statistics.median(lines.values()))
    assert {module: count for module, count in lines.items() if count > MOST_LINES} == {}
    assert statistics.median(lines.values()) <= 200


def test_no_vague_names():
    for module in MODULES:
        for part in module.split("."):
            assert part.strip("_") not in VAGUE, module
    for path in CODE.rglob("*"):
        if path.is_dir():
            assert path.name not in VAGUE, path


@pytest.mark.parametrize("module", sorted(m for m in MODULES if room_of(m) not in ("face", "__main__") and m != "kido.records.clock"))
def test_nothing_below_a_face_asks_for_today(module):
    for node in ast.walk(ast.parse(MODULES[module].read_text(encoding="utf-8"))):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name | ast.Attribute):
            owner = node.value.id if isinstance(node.value, ast.Name) else node.value.attr
            asked = (owner, node.attr) in {
                ("date", "today"),
                ("datetime", "now"),
                ("datetime", "today"),
                ("datetime", "utcnow"),
                ("time", "time"),
            }
            assert not asked, f"{module}:{node.lineno} asks for the time"

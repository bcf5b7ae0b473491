"""The house rules of ``docs/ARCHITECTURE.md``, proved by walking the imports and the files."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from wholesale.config import ROOT

PACKAGE = ROOT / "wholesale"
FLOORS = {
    "core": 1,
    "web": 2,
    "access": 2,
    "audit": 2,
    "accounts": 3,
    "mail": 3,
    "jobs": 3,
    "maintenance": 4,
    "reads": 3,
    "notifications": 4,
    "files": 3,
    "customers": 4,
    "catalog": 4,
    "leads": 4,
    "lines": 4,
    "links": 4,
    "quotes": 5,
    "orders": 5,
    "changes": 6,
    "imports": 8,
    "assistant": 8,
    "insight": 8,
    "integrity": 8,
    "demo": 8,
    "backup": 8,
    "system": 8,
    "incident": 8,
    "smoke": 8,
    "transfer": 8,
}
LAYERS = ("models", "workflow", "queries", "operations", "pricing", "edit", "entry", "grid")
SHARED_ACROSS = {
    "models",
    "queries",
    "operations",
    "workflow",
    "pricing",
    "content",
    "pages",
    "passwords",
    "sessions",
    "queue",
    "progress",
    "preferences",
    "schema",
}
# A room without pages of its own: what the rooms of documents share.
WHOLLY_SHARED = {"lines"}
# Long by nature: a list of what the application consists of, and of what a log line is.
LONG = {"create_app", "configure"}
MODULES = sorted(PACKAGE.rglob("*.py"))


def room(path: Path) -> str:
    """Return the room a module lies in; modules beside the rooms have none."""
    parts = path.relative_to(PACKAGE).parts
    return parts[0] if len(parts) > 1 else ""


def imports(path: Path) -> Iterator[str]:
    """Return the dotted names a module imports, names of ``from`` imports included."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def named(path: Path) -> str:
    """Return a path as a test's name shows it."""
    return str(path.relative_to(PACKAGE))


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_imports_go_downhill_only(path: Path):
    here = room(path)
    for name in imports(path):
        parts = name.split(".")
        if not here or parts[0] != "wholesale" or parts[1] not in FLOORS or parts[1] == here:
            continue
        assert FLOORS[parts[1]] <= FLOORS[here], f"{here} imports {name} uphill"


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_other_rooms_take_only_models_queries_and_operations(path: Path):
    here = room(path)
    for name in imports(path):
        parts = name.split(".")
        if not here or parts[0] != "wholesale" or FLOORS.get(parts[1], 0) < 3 or parts[1] == here:
            continue
        shared = parts[2] in SHARED_ACROSS or parts[-1].endswith("Filter")
        assert parts[1] in WHOLLY_SHARED or shared, f"{here} imports {name}"


@pytest.mark.parametrize(
    "path",
    [p for p in MODULES if p.stem in LAYERS and room(p) and p.parent.name != "routes"],
    ids=named,
)
def test_domain_code_knows_no_request(path: Path):
    forbidden = {"flask.request", "flask.session", "flask.g", "flask_login.current_user"}
    assert not forbidden & set(imports(path))


@pytest.mark.parametrize("path", [p for p in MODULES if room(p) == "core"], ids=named)
def test_the_core_knows_no_web_framework(path: Path):
    assert not [name for name in imports(path) if name.startswith(("flask", "werkzeug", "wtforms"))]


@pytest.mark.parametrize("path", [p for p in MODULES if room(p)], ids=named)
def test_only_routes_commands_and_the_queue_commit(path: Path):
    if not {"routes", "commands", "jobs"} & {path.stem, path.parent.name}:
        assert ".commit(" not in path.read_text()


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_a_module_says_its_duty_and_stays_short(path: Path):
    source = path.read_text()
    assert ast.get_docstring(ast.parse(source)), "no first line that says what it is for"
    assert len(source.splitlines()) <= 250


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_functions_stay_short(path: Path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef) and node.name not in LONG:
            body = node.body[1:] if ast.get_docstring(node) else node.body
            length = (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0
            assert length <= 25, f"{node.name} has {length} lines"


@pytest.mark.parametrize(
    "path", sorted((PACKAGE / "templates").rglob("*.html")), ids=lambda p: p.name
)
def test_a_template_stays_short(path: Path):
    limit = 50 if path.name.startswith("_") else 80
    assert len(path.read_text().splitlines()) <= limit

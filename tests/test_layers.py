"""The house rule that imports go down, and that a third-party package has one home."""

import ast
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "newsspider"

# A module may import its own folder and the rows below it; the top of the package may import all
# that it re-exports. Longest prefix wins.
ROWS = {
    "newsspider": 8,
    "newsspider.__main__": 8,
    "newsspider.cli": 7,
    "newsspider.addon": 7,
    "newsspider.spiders": 6,
    "newsspider.web": 6,
    "newsspider.middlewares": 6,
    "newsspider.pipelines": 6,
    "newsspider.extensions": 6,
    "newsspider.rendering": 6,
    "newsspider.monitor": 6,
    "newsspider.keeping": 6,
    "newsspider.settings": 6,
    "newsspider.reread": 5,
    "newsspider.store": 4,
    "newsspider.export": 4,
    "newsspider.archive": 4,
    "newsspider.health": 4,
    "newsspider.notify": 4,
    "newsspider.report": 4,
    "newsspider.schedule": 1,
    "newsspider.plan": 3,
    "newsspider.feeds": 3,
    "newsspider.dedupe": 3,
    "newsspider.extract": 3,
    "newsspider.profiles": 2,
    "newsspider.variants": 2,
    "newsspider.urls": 1,
    "newsspider.text": 1,
    "newsspider.language": 2,
    "newsspider.dates": 1,
    "newsspider.items": 0,
    "newsspider.errors": 0,
    "newsspider.sample": 0,
}
# Scrapy's components are named in settings by path and share no code of their own; the spiders'
# runner alone reads what the extension counts, and the extension has the run watched.
NEIGHBOURS = {
    ("newsspider.spiders.run", "newsspider.extensions"),
    ("newsspider.extensions", "newsspider.monitor"),
}
# Third-party package: rows that may import it.
HOMES = {
    "click": {7},
    "rich": {7},
    "scrapy": {6, 7},
    "twisted": {6},
    "itemadapter": {6, 7},
    "playwright": {6},
    "sqlite_utils": {4},
    "filelock": {4},
    "dateparser": {1},
    "parsel": {2, 3},
    "feedparser": {3},
    "cssselect": {2},
    "lxml": {2, 3},
    "datasette": {6},
    "jinja2": {6},
    "markupsafe": {6},
    "uvicorn": {6},
    "nh3": {3, 6},
    "tldextract": {1},
    "w3lib": {1},
}
# Scrapy belongs to the spiders' layer; of the command line only the live display listens to it.
SCRAPY_IN_CLI = {"newsspider.cli.progress"}
MODULES = sorted(PACKAGE.rglob("*.py"))


def module_name(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def unit(name: str) -> str:
    """The entry of ROWS that *name* belongs to."""
    while name not in ROWS:
        name, dot, _ = name.rpartition(".")
        assert dot, f"a module without a row: {name}"
    return name


def imports_of(path: Path) -> set[str]:
    """Every absolute name that *path* imports, those for type checkers left out."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            node.body = []
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
    return names


@pytest.mark.parametrize("path", MODULES, ids=module_name)
def test_imports_go_down(path: Path) -> None:
    name = module_name(path)
    home = unit(name)
    for imported in imports_of(path):
        top = imported.partition(".")[0]
        if top == "newsspider":
            target = unit(imported)
            if target == "newsspider" and imported == "newsspider.__version__":
                continue
            fine = target == home or ROWS[target] < ROWS[home] or (name, target) in NEIGHBOURS
            assert fine, f"{name} (row {ROWS[home]}) imports {imported} (row {ROWS[target]})"
        elif top not in sys.stdlib_module_names:
            assert top in HOMES, f"{name} imports {top}, which has no home row"
            assert ROWS[home] in HOMES[top], f"{name} (row {ROWS[home]}) imports {top}"
            if top == "scrapy" and home == "newsspider.cli":
                assert name in SCRAPY_IN_CLI, f"{name} imports scrapy"


def test_files_and_functions_stay_small() -> None:
    for path in MODULES:
        source = path.read_text(encoding="utf-8")
        lines = source.count("\n")
        assert lines <= 400, f"{path} has {lines} lines"
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or 0) - node.lineno
                assert length <= 60, f"{path}:{node.lineno} {node.name} has {length} lines"

"""The documentation as data: blocks, commands, tables, links of its Markdown pages."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
READMES = (ROOT / "README.md", ROOT / "README.zh.md")
PAGES = (*READMES, *sorted(DOCS.rglob("*.md")))
BLOCK = re.compile(
    r"(?:^<!-- (?P<note>[^\n]*?) -->\n+)?^```(?P<language>\w*)\n(?P<text>.*?)^```$", re.M | re.S
)


@dataclass(frozen=True, kw_only=True)
class Block:
    """A fenced block, and the HTML comment that stands right above it."""

    language: str
    text: str
    note: str


def blocks(page: Path) -> list[Block]:
    """Return the fenced blocks of *page*, in order."""
    text = page.read_text(encoding="utf-8")
    found = [
        Block(language=m["language"], text=m["text"], note=m["note"] or "")
        for m in BLOCK.finditer(text)
    ]
    assert text.count("```") == 2 * len(found), f"{page.name} has a block that is not read"
    return found


def commands(text: str) -> Iterator[tuple[str, str]]:
    """Yield each command of a console block, and the output shown below it, "" without any."""
    for part in re.split(r"^\$ ", text, flags=re.M)[1:]:
        command, _, output = part.partition("\n")
        yield command, output


def prose(page: Path) -> str:
    """Return the text of *page* without its blocks."""
    return BLOCK.sub("", page.read_text(encoding="utf-8"))


def tables(page: str, heading: str) -> list[list[str]]:
    """Return the rows, as cells, of all tables under *heading* up to the next of its rank."""
    text = prose(DOCS / page)
    found = re.search(rf"^(#+) {re.escape(heading)}$", text, re.M)
    assert found, f"{page} has no heading {heading!r}"
    rest = text[found.end() :]
    end = re.search(rf"^#{{1,{len(found[1])}}} ", rest, re.M)
    # The line above |---| is a header.
    lines = re.findall(r"^\|(?!---)(.*)\|$(?!\n\|---)", rest[: end.start() if end else None], re.M)
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)] for line in lines]


def codes(text: str) -> list[str]:
    """Return what stands between backticks in *text*."""
    return [code.replace("\\|", "|") for code in re.findall(r"`([^`]+)`", text)]


def listed(page: str, heading: str) -> list[str]:
    """Return what the first column of the tables under *heading* names."""
    return [name for row in tables(page, heading) for name in codes(row[0])]


def links(page: Path) -> list[str]:
    """Return the targets of the links in the text of *page*."""
    return re.findall(r"\[[^]]*\]\(([^)\s]+)\)", prose(page))


def anchors(page: Path) -> set[str]:
    """Return the anchors of the headings of *page*, as GitHub makes them."""
    headings = re.findall(r"^#+ (.*)$", prose(page), re.M)
    return {re.sub(r"[^\w\- ]", "", text.lower()).replace(" ", "-") for text in headings}

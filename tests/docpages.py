"""The project's pages as tests read them: headings, tables, fenced blocks, code spans, links."""

import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
PATHS = (
    ROOT / "README.md",
    *(path for part in ("docs", "hardware") for path in sorted((ROOT / part).rglob("*.md"))),
)
_SPAN = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_CELL = re.compile(r"(?<!\\)\|")
_NO_SLUG = re.compile(r"[^\w\- ]")


@dataclass
class Fence:
    """A fenced block: what stands behind its opening fence, its lines, the heading above it."""

    info: str
    heading: str
    lines: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(line + "\n" for line in self.lines)


@dataclass
class Table:
    """A table: the heading above it, its own head, its rows of cells."""

    heading: str
    head: list[str]
    rows: list[list[str]] = field(default_factory=list)


@dataclass
class Page:
    """One page. Code spans and links are those outside fenced blocks."""

    path: Path
    text: str
    headings: list[str] = field(default_factory=list)
    fences: list[Fence] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    spans: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.path.relative_to(ROOT).as_posix()

    @property
    def prose(self) -> str:
        """The whole text, wherever its lines end."""
        return " ".join(self.text.split())

    @property
    def anchors(self) -> set[str]:
        """What a link into the page may name."""
        return {
            _NO_SLUG.sub("", title.replace("`", "").lower()).replace(" ", "-")
            for title in self.headings
        }

    def table(self, heading: str) -> Table:
        """The first table under a heading."""
        return next(table for table in self.tables if table.heading == heading)

    def under(self, heading: str) -> list[Fence]:
        """The fenced blocks under a heading."""
        return [fence for fence in self.fences if fence.heading == heading]


@cache
def page(path: Path) -> Page:
    """Read a page."""
    read = Page(path, path.read_text(encoding="utf-8"))
    fence: Fence | None = None
    heading = ""
    before = ""
    for line in read.text.splitlines():
        if line.lstrip().startswith("```"):
            fence = None if fence else Fence(line.strip("` "), heading)
            if fence:
                read.fences.append(fence)
        elif fence:
            fence.lines.append(line)
        else:
            if line.startswith("#"):
                heading = line.lstrip("#").strip()
                read.headings.append(heading)
            elif line.startswith("|"):
                _take_row(read, heading, line, starts=not before.startswith("|"))
            read.spans += _SPAN.findall(line)
            read.links += _LINK.findall(_SPAN.sub("", line))
        before = "" if fence else line
    assert fence is None, f"{read.name}: a fenced block does not end"
    return read


def _take_row(read: Page, heading: str, line: str, starts: bool) -> None:
    cells = [cell.strip().replace("\\|", "|") for cell in _CELL.split(line.strip())[1:-1]]
    if starts:
        read.tables.append(Table(heading, cells))
    elif not all(set(cell) <= set("-: ") for cell in cells):
        assert len(cells) == len(read.tables[-1].head), f"{read.name}: {line}"
        read.tables[-1].rows.append(cells)


def docs(name: str) -> Page:
    """A page of `docs/`."""
    return page(ROOT / "docs" / f"{name}.md")


def plain(cell: str) -> str:
    """A cell without the backticks of code spans."""
    return cell.replace("`", "")

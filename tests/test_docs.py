"""What the pages and messages name exists: commands, options, files, make targets, links.

The other `test_docs_*` hold what each page says against the code.
"""

import ast
import re
import shlex
import tomllib
from pathlib import Path

import click
import pytest

from mesohost import cli
from tests.docblocks import BLOCKS, block, blocks
from tests.docpages import PATHS, ROOT, Page, page

PAGES = pytest.mark.parametrize("path", PATHS, ids=lambda path: path.name)
TARGETS = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
_PATH = re.compile(r"[\w.-]+(?:/[\w.-]+)+/?|\w+/")
# Where a path in a page may begin: at the top, or, as in docs/design.md, among a part's packages.
_BASES = [ROOT, *(ROOT / part for part in ("firmware/mesofw", "host/mesohost", "sim/mesosim"))]
_TOPS = {folder.name for base in _BASES for folder in base.iterdir() if folder.is_dir()}
_WRITTEN = "build"  # what the project's own commands write
SOURCES = [path for part in ("firmware", "host", "sim") for path in (ROOT / part).rglob("*.py")]
# In a message a command stands behind a colon or in backticks; a known one counts anywhere.
_COMMAND = re.compile(r"(?P<led>: |`|See )?\bmesogun(?P<words>(?: [\w.-]+)+)")
_WORD = re.compile(r"--[a-z-]+|[a-z]+|[A-Z]+")


def lines_of(read: Page, command: str) -> list[str]:
    """The command's lines in a page's fenced blocks, without prompts and comments."""
    lines = [line.removeprefix("$ ") for fence in read.fences for line in fence.lines]
    return [line for line in lines if line.startswith(command + " ")]


def resolve(words: list[str], whole: bool = False) -> None:
    """Read a command line of `mesogun` as click does, without running it; raises click's errors.

    Where it need not be `whole`, a command alone may lack its arguments, as prose names it.
    """
    command: click.Command = cli.group
    context = click.Context(command, info_name="mesogun")
    while isinstance(command, click.Group) and words and not words[0].startswith("-"):
        found = command.get_command(context, words[0])
        assert found, f"mesogun has no command {words[0]}"
        context = click.Context(found, parent=context, info_name=words[0])
        command, words = found, words[1:]
    if words or whole:
        try:
            command.make_context(context.info_name, list(words), parent=context.parent)
        except click.exceptions.Exit:
            pass  # --help and --version end there


@PAGES
def test_the_blocks_that_follow_from_code_are_as_the_code_says(path):
    for name, text in blocks(page(path).text).items():
        assert text == block(name), f"{path.name}: {name}: run python -m tests.docblocks"


def test_each_block_stands_on_a_page():
    assert {name for path in PATHS for name in blocks(page(path).text)} == set(BLOCKS)


@PAGES
def test_the_commands_of_a_page_exist(path):
    read = page(path)
    for line in lines_of(read, "mesogun"):
        resolve(shlex.split(line, comments=True)[1:], whole=True)
    for span in read.spans:
        if span.startswith("mesogun "):
            resolve(shlex.split(span)[1:])


@PAGES
def test_the_make_targets_of_a_page_exist(path):
    read = page(path)
    called = [line.split()[1] for line in lines_of(read, "make")]
    called += [span.split()[1] for span in read.spans if span.startswith("make ")]
    assert set(called) <= set(TARGETS)


@PAGES
def test_the_files_that_a_page_names_exist(path):
    read = page(path)
    words = " ".join(read.spans).split()
    words += [word for fence in read.fences for line in fence.lines for word in line.split()]
    for word in words:
        if not _PATH.fullmatch(word) or word.split("/")[0] not in _TOPS - {_WRITTEN}:
            continue
        assert any((base / word).exists() for base in _BASES), f"{read.name}: {word}"


@PAGES
def test_the_links_of_a_page_resolve(path):
    read = page(path)
    for link in read.links:
        if "://" in link:
            continue
        name, _, anchor = link.partition("#")
        target = path.parent / name if name else path
        assert target.exists(), f"{read.name}: {link}"
        if anchor:
            assert anchor in page(target).anchors, f"{read.name}: {link}"


def test_every_page_is_reached_from_the_readme():
    reached: set[Path] = set()
    waiting = [ROOT / "README.md"]
    while waiting:
        path = waiting.pop()
        if path in reached:
            continue
        reached.add(path)
        links = [link.partition("#")[0] for link in page(path).links if "://" not in link]
        waiting += [(path.parent / link).resolve() for link in links if link.endswith(".md")]
    assert reached >= set(PATHS)


def texts(source: str) -> list[str]:
    """Every text in a module, docstrings too; what is filled in reads X."""
    found: list[str] = []
    inner: set[ast.AST] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.JoinedStr):
            inner.update(node.values)
            parts = [part.value if isinstance(part, ast.Constant) else "X" for part in node.values]
            found.append("".join(map(str, parts)))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in inner:
            found.append(node.value)
    return found


def commands_in(text: str) -> list[list[str]]:
    """The command lines of `mesogun` that a message names, as words."""
    found: list[list[str]] = []
    for match in _COMMAND.finditer(text):
        words: list[str] = []
        for word in match["words"].split():
            if not _WORD.fullmatch(word.rstrip(".,;:")):
                break
            words.append(word.rstrip(".,;:"))
            if words[-1] != word:
                break
        if words and (match["led"] or words[0] in cli.COMMANDS):
            found.append(words)
    return found


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("pull it: mesogun pull", ["pull"]),
        ("keep it: mesogun pull --keep-broken", ["pull", "--keep-broken"]),
        ("See mesogun --help.", ["--help"]),
        ("`mesogun laod FILE` does it", ["laod", "FILE"]),
        ("the mesogun that it was pulled with", None),
        ("mesogun session program", None),
        ("a release of mesogun: 3", None),
    ],
)
def test_commands_are_found_in_messages(text, words):
    assert commands_in(text) == ([words] if words else [])


def test_the_commands_that_messages_name_exist():
    named: set[str] = set()
    for path in SOURCES:
        for text in texts(path.read_text(encoding="utf-8")):
            for words in commands_in(text):
                named.add(" ".join(words))
                try:
                    resolve(words)
                except click.UsageError as error:
                    pytest.fail(f"{path.relative_to(ROOT)}: mesogun {' '.join(words)}: {error}")
    assert named >= {"pull", "load FILE", "pull --keep-broken", "sim", "devices", "report X"}


def test_what_messages_say_to_install_exists():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    sources = [*SOURCES, *PATHS]
    named = {
        extra
        for path in sources
        for extra in re.findall(r"mesogun\[(\w+)\]", path.read_text(encoding="utf-8"))
    }
    assert named
    assert named <= set(project["optional-dependencies"])


def test_the_make_targets_that_messages_name_exist():
    sources = [*SOURCES, *(ROOT / "examples").glob("*.py")]
    for path in sources:
        called = re.findall(r"`make ([\w-]+)`", path.read_text(encoding="utf-8"))
        assert set(called) <= set(TARGETS), path

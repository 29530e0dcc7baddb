"""Files that cannot be read or parsed, and files made to do harm: a few faults, soon."""

import datetime
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mesofw.core import errors
from mesohost.program import FileFault, check_program, load_program
from mesohost.program.reading import MAX_BYTES

TODAY = datetime.date(2026, 3, 1)
SOUND_PATH = Path(__file__).parents[2] / "examples" / "face-nappage.toml"
SOUND = SOUND_PATH.read_text(encoding="utf-8")


def check(data: bytes) -> tuple[FileFault, ...]:
    loaded = check_program(data, "face.toml", TODAY)
    assert (loaded.program is None) == bool(loaded.faults)
    return loaded.faults


# text, code, line, column, parts of what is found and of what to do
UNPARSED = [
    (b'title = "\xe9t\xe9"', "NOT_UTF8", 1, None, "byte 0xE9 at position 9", ""),
    (b'a = 1\nb = "\xff"', "NOT_UTF8", 2, None, "byte 0xFF at position 11", ""),
    (b"\xff\xfet\0", "NOT_UTF8", 1, None, "byte 0xFF at position 0", "UTF-16"),
    ("a = 1\nb = = 2", "NOT_TOML", 2, 5, "invalid value", ""),
    ("a = 1\na = 2\n", "NOT_TOML", 2, 6, "cannot overwrite a value", ""),
    ('a = "open', "NOT_TOML", 1, 10, "unterminated string", ""),
    ("a = [1, 2", "NOT_TOML", 1, 10, "unclosed array", ""),
    ("[zones\n", "NOT_TOML", 1, 7, "expected ']'", ""),
    ("a = 1\nvolume = 20 µL\n", "NOT_TOML", 2, 13, "expected newline", 'in quotes: "20 µL"'),
    ("share = 100 %", "NOT_TOML", 1, 13, "expected newline", 'in quotes: "100 %"'),
    ("rate = 300 /min", "NOT_TOML", 1, 12, "expected newline", 'in quotes: "300 /min"'),
    ("title = “Face”", "NOT_TOML", 1, 9, "invalid value", "straight quotes"),
    ("a = " + "9" * 5000, "NOT_TOML", None, None, "thousands of digits", ""),
    ("x = " + "[" * 100_000, "NOT_TOML", 1, None, "nested too deep", ""),
    ("\n" + "a." * 100_000 + "b = 1", "NOT_TOML", 2, None, "nested too deep", ""),
    ("[" + "a." * 100_000 + "b]", "NOT_TOML", 1, None, "nested too deep", ""),
    ("x = {" + "a." * 100_000 + "b = 1}", "NOT_TOML", 1, None, "nested too deep", ""),
    ("#" * 10_000_000, "TOO_LARGE", None, None, "10000000 bytes", ""),
]


@pytest.mark.parametrize(
    ("text", "code", "line", "column", "found", "to_do"),
    UNPARSED,
    ids=[f"{case[1].lower()}-{number}" for number, case in enumerate(UNPARSED)],
)
def test_what_cannot_be_parsed(text, code, line, column, found, to_do):
    (fault,) = check(text if isinstance(text, bytes) else text.encode())
    assert (fault.name, fault.line, fault.column) == (code.lower(), line, column)
    assert found in fault.found
    assert to_do in f"{fault.hint} {fault.remedy}"
    assert errors.cause(fault.code) in str(fault)
    assert str(fault).endswith(fault.remedy)


def test_a_byte_order_mark_is_no_fault():
    assert check(b"\xef\xbb\xbf" + SOUND.encode()) == ()


def test_windows_line_ends_keep_the_lines():
    text = SOUND.replace('"1.5 mm"', '"15 mm"')
    (fault,) = check(text.replace("\n", "\r\n").encode())
    assert text.split("\n")[fault.line - 1] == 'depth = "15 mm"'


def test_a_file_is_loaded():
    loaded = load_program(SOUND_PATH, TODAY)
    assert loaded.file == str(SOUND_PATH)
    assert loaded.program is not None


def test_files_that_cannot_be_read(tmp_path: Path):
    large = tmp_path / "large.toml"
    with large.open("wb") as sparse:
        sparse.truncate(10_000_000)
    cases = [
        (tmp_path / "none.toml", errors.UNREADABLE, "no such file"),
        (tmp_path, errors.UNREADABLE, "a directory"),
        (tmp_path / "a\0b.toml", errors.UNREADABLE, "null"),
        (Path("/dev/null"), errors.UNREADABLE, "no regular file"),
        (large, errors.TOO_LARGE, "10000000 bytes"),
    ]
    for path, code, found in cases:
        loaded = load_program(path, TODAY)
        (fault,) = loaded.faults
        assert loaded.program is None
        assert (fault.code, fault.line, fault.at) == (code, None, "")
        assert found in fault.found
        assert str(fault).startswith(f"{path}: {errors.cause(code)}\n")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="has no named pipes")
def test_a_pipe_is_not_waited_for(tmp_path: Path):
    os.mkfifo(tmp_path / "pipe.toml")
    (fault,) = load_program(tmp_path / "pipe.toml", TODAY).faults
    assert (fault.code, fault.found) == (errors.UNREADABLE, "no regular file")


HOSTILE = [
    "\n".join(["[[zones]]"] * 26_000),
    "\n".join(f"[z.a{number}.b]" for number in range(18_000)),
    "\n".join(f"key{number} = 1" for number in range(18_000)),
    f"[{'k' * 100_000}]\n" + "\n".join(f"a{number} = 1" for number in range(15_000)),
    "x = [" + "1, " * 87_000 + "]",
    '"' * 262_000,
    "'" * 262_000,
    "x = '''" + "''\n" * 80_000,
    'x = """' + '""\\' * 80_000,
    "x = " + '"\\' * 120_000,
    "=" * 262_000,
    "}" * 262_000,
    "title" + ".a" * 6 + " = 1",
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_files_end_in_a_few_faults(text):
    assert len(text) <= MAX_BYTES
    faults = check(text.encode())
    assert 0 < len(faults) < 1500
    assert all(len(str(fault)) < 1000 for fault in faults)


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_no_edit_of_a_file_raises(data):
    start = data.draw(st.integers(0, len(SOUND)))
    end = data.draw(st.integers(start, min(len(SOUND), start + 40)))
    junk = data.draw(
        st.text(alphabet="\"'[]{}=.,#\\\n a1-µ\x00é", max_size=12) | st.text(max_size=5)
    )
    check((SOUND[:start] + junk + SOUND[end:]).encode("utf-8", "surrogatepass"))


def test_a_check_imports_nothing_heavy():
    code = "import sys, mesohost.program; print(*{name.split('.')[0] for name in sys.modules})"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    heavy = {"matplotlib", "numpy", "rich", "jsonschema", "serial", "difflib", "sqlalchemy"}
    assert not heavy & set(run.stdout.split())

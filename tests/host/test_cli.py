"""The command line without a gun: what is printed where, and with which exit code."""

import io
import json
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import click
import pytest
from jsonschema import Draft202012Validator

from mesofw import VERSION
from mesohost import cli, troubles
from mesohost.cli import exits
from mesohost.cli.exits import Exit
from mesohost.cli.progress import progress

EXAMPLES = Path(__file__).parents[2] / "examples"
FINE = str(EXAMPLES / "papules.toml")
TODAY = ["--today", "2026-03-01"]


@pytest.fixture
def faulty(tmp_path: Path) -> str:
    path = tmp_path / "faulty.toml"
    text = Path(FINE).read_text()
    path.write_text(text.replace('patient = "', 'patiend = "', 1))
    return str(path)


def test_help_lists_commands_and_exit_codes(capsys):
    assert cli.run(["--help"]) == Exit.FINE
    out = capsys.readouterr().out
    for name, (_, line) in cli.COMMANDS.items():
        assert name in out
        assert line in out
    for code, meaning in exits.MEANING.items():
        assert f"{int(code)} " in out
        assert meaning in out


@pytest.mark.parametrize("name", cli.COMMANDS)
def test_every_command_is_there_and_has_help(name: str, capsys):
    assert isinstance(import_module(cli.COMMANDS[name][0]).command, click.Command)
    assert cli.run([name, "--help"]) == Exit.FINE
    assert f"mesogun {name}" in capsys.readouterr().out


def test_the_version_is_the_firmwares(capsys):
    assert cli.run(["--version"]) == Exit.FINE
    assert capsys.readouterr().out == f"mesogun {VERSION}\n"


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (["chek"], "Did you mean check?"),
        (["qqqq"], "See mesogun --help"),
        (["check"], "Missing argument"),
        (["check", "--nope", "x"], "No such option"),
        (["check", "x", "--today", "1.3.2026"], "1.3.2026"),
        (["watch", "--until", "lunch"], "lunch"),
    ],
)
def test_a_wrong_call_is_told(line: list[str], told: str, capsys):
    assert cli.run(line) == Exit.USAGE
    captured = capsys.readouterr()
    assert told in captured.err
    assert captured.out == ""


def test_every_trouble_has_its_exit_code():
    kinds = [
        kind
        for kind in vars(troubles).values()
        if isinstance(kind, type) and issubclass(kind, troubles.Trouble)
    ]
    told = {kind.__name__: exits.of(kind.__new__(kind)) for kind in kinds}
    assert told == {
        "Trouble": Exit.FAULTS,
        "PortTrouble": Exit.NO_GUN,
        "NoAnswer": Exit.NO_GUN,
        "ProtocolMismatch": Exit.NO_GUN,
        "BoardTrouble": Exit.REFUSED,
        "ClinicTrouble": Exit.REFUSED,
        "ArchiveTrouble": Exit.UNUSABLE,
        "FileTrouble": Exit.UNUSABLE,
        "RecordsBroken": Exit.DAMAGED,
        "GunRefused": Exit.REFUSED,
    }
    assert set(exits.MEANING) == set(Exit)


def test_a_trouble_says_what_to_do_on_stderr():
    trouble = troubles.NoAnswer("nobody there", ["look", "look again"])
    assert str(trouble) == "nobody there\n    to do: look\n           look again"
    assert str(troubles.NoAnswer("nobody there")) == "nobody there"


def test_check_of_good_files(capsys):
    files = sorted(str(path) for path in EXAMPLES.glob("*.toml"))
    assert cli.run(["check", *TODAY, *files]) == Exit.FINE
    captured = capsys.readouterr()
    heads = [line for line in captured.out.splitlines() if not line.startswith(" ")]
    assert [line.split(":")[0] for line in heads] == files
    assert captured.err == ""


def test_check_of_a_bad_file_tells_place_and_remedy(faulty: str, capsys):
    assert cli.run(["check", *TODAY, FINE, faulty]) == Exit.FAULTS
    captured = capsys.readouterr()
    assert captured.out.startswith(FINE)
    assert "faulty.toml:" in captured.err
    assert "patiend" in captured.err
    assert "to do:" in captured.err


def test_check_of_no_file(tmp_path: Path, capsys):
    assert cli.run(["check", str(tmp_path / "none.toml")]) == Exit.FAULTS
    assert "none.toml" in capsys.readouterr().err


def test_check_as_json(faulty: str, capsys):
    assert cli.run(["check", *TODAY, "--json", FINE, faulty]) == Exit.FAULTS
    good, bad = json.loads(capsys.readouterr().out)
    assert good["fine"] is True
    assert good["shots"] == 64
    assert (good["syringes"], good["changed_after_shots"], good["training"]) == (1, [], False)
    assert good["faults"] == []
    assert bad["fine"] is False
    assert bad["title"] is None
    names = {fault["name"] for fault in bad["faults"]}
    assert "unknown_key" in names
    assert all(fault["remedy"] and fault["cause"] for fault in bad["faults"])


def test_check_judges_expiry_on_the_day_that_is_named(capsys):
    assert cli.run(["check", "--today", "2199-01-01", FINE]) == Exit.FAULTS
    assert "expired" in capsys.readouterr().err


def test_check_starts_light():
    heavy = ["serial", "rich", "matplotlib", "platformdirs", "mesosim", "jsonschema", "asyncio"]
    heavy += ["sqlalchemy", "alembic", "argon2", "biip", "fpdf", "mesohost.clinic"]
    script = (
        "import sys; from mesohost import cli; cli.run(['check', sys.argv[1]]);"
        f"print([name for name in {heavy} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script, FINE], capture_output=True, text=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_schema_fits_the_examples(tmp_path: Path, capsys):
    assert cli.run(["schema"]) == Exit.FINE
    schema = json.loads(capsys.readouterr().out)
    Draft202012Validator.check_schema(schema)
    out = tmp_path / "new" / "schema.json"
    assert cli.run(["schema", "--out", str(out)]) == Exit.FINE
    assert json.loads(out.read_text()) == schema


def test_schema_into_nowhere(tmp_path: Path, capsys):
    (tmp_path / "file").write_text("")
    assert cli.run(["schema", "--out", str(tmp_path / "file" / "x.json")]) == Exit.UNUSABLE
    assert "cannot be written" in capsys.readouterr().err


def test_devices_lists_without_opening(capsys):
    assert cli.run(["devices", "--json"]) == Exit.FINE
    assert isinstance(json.loads(capsys.readouterr().out), list)
    assert cli.run(["devices"]) == Exit.FINE


def test_a_faulty_program_goes_nowhere(faulty: str, capsys):
    assert cli.run(["load", faulty, "--port", "/dev/no-such-port"]) == Exit.FAULTS
    assert "no-such-port" not in capsys.readouterr().err


@pytest.mark.parametrize("line", [["load", FINE, *TODAY], ["watch"], ["pull"]])
def test_no_gun_is_told(line: list[str], monkeypatch, capsys):
    monkeypatch.setenv("MESOGUN_PORT", "/dev/no-such-port")
    assert cli.run(line) == Exit.NO_GUN
    error = capsys.readouterr().err
    assert error.startswith("mesogun: /dev/no-such-port")
    assert "to do:" in error
    assert "Traceback" not in error


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def test_progress_is_a_bar_on_a_terminal(monkeypatch):
    monkeypatch.setattr(sys, "stderr", Terminal())
    monkeypatch.setenv("TERM", "xterm")
    with progress("loading", "bytes") as shown:
        shown(50, 200)
        shown(200, 200)
    text = sys.stderr.getvalue()
    assert "loading" in text
    assert "200 of 200" in text.replace("\x1b[32m", "").replace("\x1b[0m", "")


def test_progress_is_a_line_for_each_tenth_elsewhere(capsys):
    with progress("pulling", "records") as shown:
        for done in range(1, 101):
            shown(done, 100)
        shown(100, 100)
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "pulling: 10 of 100 records"
    assert lines[-1] == "pulling: 100 of 100 records"
    assert len(lines) == 10


def test_broken_off_from_the_keyboard(monkeypatch, capsys):
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("mesohost.devices.devices", interrupt)
    assert cli.run(["devices"]) == Exit.BROKEN_OFF
    assert "broken off" in capsys.readouterr().err

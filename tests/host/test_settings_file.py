"""Settings as a file: written, compared with a gun, applied under the key."""

from pathlib import Path

import pytest
from test_cli_gun import port as port  # a served gun, by its environment variable
from test_cli_gun import world as world
from test_keys import allow, gun_at, keyed_world
from test_keys import file as file  # an engineer's key

from mesohost import cli
from mesohost.cli import settings
from mesohost.cli.exits import Exit
from mesohost.keys import KeyFile


@pytest.mark.usefixtures("port")
def test_what_is_written_is_no_difference(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    path = tmp_path / "gun.toml"
    assert cli.run(["settings", "export", str(path)]) == Exit.FINE
    assert cli.run(["settings", "diff", str(path)]) == Exit.FINE
    text = path.read_text(encoding="utf-8")
    assert 'shot = "2000 µL"' in text
    path.write_text(text.replace('shot = "2000 µL"', 'shot = "0.5 mL"'), encoding="utf-8")
    capsys.readouterr()
    assert cli.run(["settings", "diff", str(path)]) == Exit.FAULTS
    assert capsys.readouterr().out == "shot_nl: 2000 µL -> 500 µL\n"


def test_a_file_is_applied_where_it_is_allowed_at_the_gun(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    path = tmp_path / "gun.toml"
    path.write_text('shot = "0.5 mL"\ntemperature = "65 °C"\n', encoding="utf-8")
    gun = gun_at(keyed_world(file), allow)
    held = gun.record("settings")
    settings._change(gun, settings._read(path), KeyFile(file))
    assert gun.record("settings") == {**held, "shot_nl": 500_000, "temperature_dc": 650}
    settings._change(gun, settings._read(path), KeyFile(file))
    assert "nothing to change" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('volume = "1 mL"', "no setting 'volume'"),
        ('shot = "3 mL"', "1 µL to 2000 µL"),
        ("shot = 1", "1 µL to 2000 µL"),
        ("shot", "is no TOML file"),
        ("", "mesogun settings export"),
    ],
)
def test_a_file_that_cannot_be_is_told_before_the_gun_is_asked(
    text: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    path = tmp_path / "gun.toml"
    path.write_text(text, encoding="utf-8")
    assert cli.run(["settings", "diff", str(path), "--port", "none"]) == Exit.USAGE
    assert said in capsys.readouterr().err


def test_a_file_that_is_not_there_is_told_with_how_to_get_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    missing = str(tmp_path / "none.toml")
    assert cli.run(["settings", "diff", missing, "--port", "none"]) == Exit.UNUSABLE
    assert "mesogun settings export FILE" in capsys.readouterr().err

"""The engineer's key on the computer: its file, its answers, settings changed under it."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from benches import core_of, gun_of, idle_world

from mesofw.core import errors, keyed
from mesofw.core.slots import FileSlots
from mesohost import keys
from mesohost.cli import run
from mesohost.gun import Gun
from mesohost.keys import KeyFile
from mesohost.troubles import FileTrouble, GunRefused
from mesosim.hands import Hands
from mesosim.port import WorldPort
from mesosim.world import World


class Answered(WorldPort):
    """A port with somebody at the gun who answers what an engineer asks for."""

    def __init__(self, world: World, answer: Callable[[Hands], None]):
        super().__init__(world)
        self._answer = answer

    def read(self, timeout_s: float) -> bytes:
        if "Turn: refuse" in self.world.plant.screen:
            self._answer(Hands(self.world))
        return super().read(timeout_s)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "gun.key"
    keys.create(path)
    return path


def keyed_world(file: Path) -> World:
    """A virtual gun that holds this key."""
    world = idle_world()
    FileSlots(world.board, "key").store(file.read_bytes().strip())
    return world


def gun_at(world: World, answer: Callable[[Hands], None]) -> Gun:
    return Gun(Answered(world, answer))


def allow(hands: Hands) -> None:
    hands.click()


def refuse(hands: Hands) -> None:
    hands.turn(1)


def test_a_key_is_made_once_and_for_its_owner_alone(tmp_path: Path, file: Path):
    if os.name == "posix":
        assert file.stat().st_mode & 0o777 == 0o600
    before = file.read_bytes()
    assert len(bytes.fromhex(before.decode())) == keyed.KEY_BYTES
    with pytest.raises(FileTrouble, match="left as it is"):
        keys.create(file)
    assert file.read_bytes() == before
    other = tmp_path / "other.key"
    keys.create(other)
    assert other.read_bytes() != before


@pytest.mark.parametrize("text", [b"", b"00" * 31, b"zz" * 32, b"00" * 33, b"\xff" * 32])
def test_what_is_no_key_is_refused_without_being_shown(file: Path, text: bytes):
    file.write_bytes(text)
    with pytest.raises(FileTrouble) as told:
        KeyFile(file)
    assert "64 hex digits" in str(told.value)
    shown = text.decode("latin-1")
    assert not shown or shown not in str(told.value)


@pytest.mark.skipif(os.name != "posix", reason="permissions of this kind are POSIX's")
def test_a_key_that_others_may_read_is_refused(file: Path):
    file.chmod(0o640)
    with pytest.raises(FileTrouble, match="chmod 600"):
        KeyFile(file)


def test_a_key_is_in_no_text_of_its_own(file: Path):
    secret = file.read_text().strip()
    key = KeyFile(file)
    assert secret not in repr(key) + str(key) + key.answer("0" * 32, "service")


def test_the_answer_is_what_the_gun_works_out(file: Path):
    secret = bytes.fromhex(file.read_text())
    core: Any = keyed
    for change in ("", "1 2", core.described("commissioning", {"date": 20260101, "id": 3})):
        wanted = core.hmac(secret, core.signed("ab" * 16, "store", change)).hex()
        assert KeyFile(file).answer("ab" * 16, "store", change) == wanted


def test_a_setting_is_changed_when_it_is_allowed_at_the_gun(file: Path):
    world = keyed_world(file)
    gun = gun_at(world, allow)
    held = gun.record("settings")
    gun.keyed(KeyFile(file)).store("settings", {"shot_nl": 700_000, "alert_s": 60}, held)
    assert gun.record("settings") == {**held, "shot_nl": 700_000, "alert_s": 60}
    assert core_of(world).settings["shot_nl"] == 700_000


def test_it_is_not_when_it_is_refused_there(file: Path):
    world = keyed_world(file)
    gun = gun_at(world, refuse)
    held = gun.record("settings")
    with pytest.raises(GunRefused) as told:
        gun.keyed(KeyFile(file)).store("settings", {"shot_nl": 700_000}, held)
    assert told.value.code == errors.NOT_ALLOWED
    assert gun.record("settings") == held


def test_a_change_that_the_host_does_not_see_as_the_gun_does_is_a_wrong_key(file: Path):
    world = keyed_world(file)
    gun = gun_at(world, allow)
    held = {**gun.record("settings"), "force_mn": 50_000}
    with pytest.raises(GunRefused) as told:
        gun.keyed(KeyFile(file)).store("settings", {"shot_nl": 700_000}, held)
    assert told.value.code == errors.WRONG_KEY


def test_the_clock_is_put_back_under_the_key_only(file: Path):
    world = keyed_world(file)
    gun = gun_at(world, allow)
    gun.clock(lambda: 1_800_000_000.0)
    with pytest.raises(GunRefused) as told:
        gun.clock(lambda: 1_700_000_000.0)
    assert told.value.code == errors.CLOCK_BACK
    gun.keyed(KeyFile(file)).clock(1_700_000_000, 500)
    assert abs(core_of(world).clock.unix_s() - 1_700_000_000) < 3


def test_no_key_reaches_the_log(file: Path):
    world = keyed_world(file)
    gun = gun_at(world, allow)
    held = gun.record("settings")
    gun.keyed(KeyFile(file)).store("settings", {"shot_nl": 700_000}, held)
    secret = bytes.fromhex(file.read_text())
    raw = b"".join(gun.pull(1))
    assert secret not in raw
    assert secret[:8] not in raw
    assert b"".join(gun_of(world).pull(1)) == raw


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("volume=1 mL", "no setting 'volume'"),
        ("shoot=1 mL", "did you mean shot?"),
        ("shot=3 mL", "1 µL to 2000 µL"),
        ("shot=1", "1 µL to 2000 µL"),
        ("temperature=65", "°C"),
    ],
)
def test_a_change_that_cannot_be_is_told_before_the_gun_is_asked(
    change: str, said: str, file: Path, capsys: pytest.CaptureFixture[str]
):
    assert run(["settings", "set", change, "--key", str(file), "--port", "none"]) == 2
    assert said in capsys.readouterr().err

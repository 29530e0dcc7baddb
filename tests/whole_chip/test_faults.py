"""Broken parts on the emulated chip's pins: each stops the gun in time, with its cause, and its
record is true; the gun works on where it can."""

import base64
import random
from collections.abc import Callable, Iterator
from concurrent.futures import Future

import pytest

from mesofw.core import door, errors, records
from mesofw.core.door import PLUNGER
from mesohost.cli.scenario import Host
from mesohost.cli.virtual import program_text
from mesohost.gun import Gun
from mesohost.records import ShotRecord, decode, verify
from mesosim.port import WorldPort
from mesosim.scenario import Scenario
from mesosim.stage import Stage
from mesosim.verbs import do
from tests.whole_chip.levels import Broken
from tests.whole_chip.test_scenarios import SCENARIOS, SENSES, look
from tests.whole_chip.worlds import OnChip, begin_all, on_chip

pytestmark = pytest.mark.timeout(1_200)

PROGRAM = SCENARIOS.parents[1] / "examples" / "point-by-point.toml"
READY = ("until idle", "load", "confirm", "fit", "place")
# In point-by-point's shot the plunger pushes from about here on, and for some 200 ms.
PUSHING_US = 120_000
# The words are compared every 20 ms.
STILL_NS = 25_000_000


def acted(made: OnChip, *steps: str) -> None:
    """Carry out steps as a scenario has them. Raises StepFailed."""
    text = program_text(Scenario(PROGRAM, "", 1, PROGRAM, ()))
    own = Host(made.world, text)
    stage = Stage(made.world, text, own.load, own)
    for step in steps:
        look(stage, step) if step.startswith(SENSES) else do(stage, step)
    assert not made.world.board.errors


def host(made: OnChip) -> Gun:
    """The host, after hello."""
    gun = Gun(WorldPort(made.world))
    gun.hello()
    return gun


def health(made: OnChip) -> int:
    """The failing parts as the gun tells them."""
    return host(made).health().faulty


def log(made: OnChip) -> list[ShotRecord]:
    """The whole log, its chain verified."""
    raw = list(host(made).pull(1))
    assert verify(raw) is None
    return [decode(one) for one in raw]


def last_shot(made: OnChip) -> ShotRecord:
    """The record of the last shot."""
    return [record for record in log(made) if record.is_shot][-1]


def stopped(made: OnChip, trouble: int) -> None:
    """Nothing moves, with this fault, and the light says so."""
    assert made.world.view.trouble == trouble, errors.name(made.world.view.trouble)
    acted(made, "expect light alarm")
    assert not made.world.plant.moving


def in_a_shot(made: OnChip) -> None:
    """The plunger pushes, the needle is in."""
    acted(made, *READY, "press trigger")
    made.world.run_for(PUSHING_US)
    assert made.world.plant.depth_um() > 1_000


def true_record(made: OnChip) -> ShotRecord:
    """The stopped shot's record says what the plant knows to be true."""
    shot = last_shot(made)
    given = made.world.plant.given[-1]
    assert shot.flags & records.PARTIAL
    assert abs(shot.depth_measured_um - given.depth_um) <= 60
    assert abs(shot.volume_measured_nl - given.tissue_nl) <= 3_000
    return shot


def a_driver_is_unplugged() -> None:
    with on_chip() as made:
        acted(made, "until idle")
        made.broken.silent[PLUNGER] = True
        acted(made, "until fault within 500 ms")
        stopped(made, errors.DRIVER_SILENT)
        assert made.world.plant.drivers.on == [False, False]
        made.broken.silent[PLUNGER] = False
        acted(made, "wait 1 s", "click", "until idle")


def a_driver_is_unplugged_before_the_start() -> None:
    with on_chip(broken=Broken(silent=[True, False])) as made:
        acted(made, "until fault within 2 s")
        stopped(made, errors.DRIVER_SILENT)
        assert made.gun.pulses.seen == 0


def the_motors_supply_fails_in_a_shot() -> None:
    with on_chip() as made:
        in_a_shot(made)
        made.broken.fuse = True
        acted(made, "until fault within 500 ms")
        stopped(made, errors.DRIVER_SILENT)
        true_record(made)


def an_encoder_is_dead() -> None:
    with on_chip() as made:
        acted(made, *READY, "encoder carriage dead", "press trigger", "until fault within 60 ms")
        stopped(made, errors.CARRIAGE_LOST)
        assert last_shot(made).flags & records.PARTIAL


def the_plungers_encoder_is_reversed() -> None:
    with on_chip() as made:
        acted(made, *READY, "encoder plunger reversed")
        acted(made, "press trigger", "until fault within 500 ms")
        stopped(made, errors.PLUNGER_LOST)
        assert last_shot(made).flags & records.PARTIAL


def a_home_switch_never_closes() -> None:
    with on_chip() as made:
        acted(made, "until idle", "power off", "stick carriage home at 0", "wait 1 s", "power on")
        acted(made, "until fault within 10 s")
        stopped(made, errors.HOME_NOT_FOUND)


def a_home_switch_never_opens() -> None:
    with on_chip() as made:
        acted(made, "until idle", "load", "confirm", "until loading", "wait 3 s", "unseat")
        acted(made, "stick plunger home at 1", "seat 3 mL filled 3 mL with 27G 6 mm", "click")
        acted(made, "until fault within 10 s")
        stopped(made, errors.HOME_STUCK)


def the_journal_memory_is_missing() -> None:
    with on_chip(broken=Broken(fram=True)) as made:
        acted(made, "until fault within 2 s")
        stopped(made, errors.JOURNAL_FAILED)


def the_journal_memory_comes_off() -> None:
    with on_chip() as made:
        acted(made, "until idle")
        made.broken.fram = True
        acted(made, "until fault within 3 s")
        stopped(made, errors.JOURNAL_FAILED)
        made.broken.fram = False
        acted(made, "wait 2 s", "click", "until idle")


def the_display_is_missing() -> None:
    with on_chip(broken=Broken(display=True)) as made:
        acted(made, "until idle")
        assert health(made) == door.PART_DISPLAY
        assert made.world.plant.light == door.LIGHT_LOW
        assert any(record.code == errors.EVENT_WITHOUT for record in log(made))
        made.broken.display = False
        acted(made, "wait 2 s", "expect screen No program")
        assert health(made) == 0


def the_display_comes_off_in_a_session() -> None:
    with on_chip() as made:
        acted(made, *READY)
        made.broken.display = True
        acted(made, "press trigger", "wait 1.5 s", "release trigger", "expect shots 1")
        assert health(made) == door.PART_DISPLAY
        assert last_shot(made).flags & records.COMPLETE


def the_drivers_wire_is_noisy() -> None:
    with on_chip() as made:
        acted(made, *READY)
        rng = random.Random(4)
        acted(made, "press trigger")
        for _ in range(100):
            noise = base64.b64encode(rng.randbytes(rng.randrange(1, 4))).decode()
            made.emulator.ask("set", uart_noise=noise)
            made.world.run_for(rng.randrange(2_000, 25_000))
        acted(made, "release trigger", "wait 1 s", "expect trouble 0", "expect shots 1")
        assert health(made) == 0
        assert last_shot(made).flags & records.COMPLETE


def a_timetable_is_damaged_in_memory() -> None:
    with on_chip() as made:
        in_a_shot(made)
        notes = made.gun.watched
        # The last half-words of the memory for words, which nobody reads any more.
        address = notes.words_at + 2 * (notes.words_halves - 2)
        data = base64.b64encode(b"\x01\x00\x00\x00").decode()
        made.gun.edges = []
        damaged_ns = made.gun.now_ns
        made.emulator.ask("poke", address=address, data=data)
        acted(made, "until fault within 60 ms")
        assert made.gun.edges[-1][0] - damaged_ns <= STILL_NS
        stopped(made, errors.PULSES_DAMAGED)
        assert true_record(made).stopped == errors.PULSES_DAMAGED


CASES: dict[str, Callable[[], None]] = {
    case.__name__.replace("_", " "): case
    for case in (
        a_timetable_is_damaged_in_memory,
        the_drivers_wire_is_noisy,
        the_motors_supply_fails_in_a_shot,
        an_encoder_is_dead,
        the_plungers_encoder_is_reversed,
        the_display_comes_off_in_a_session,
        the_display_is_missing,
        the_journal_memory_comes_off,
        the_journal_memory_is_missing,
        a_driver_is_unplugged,
        a_driver_is_unplugged_before_the_start,
        a_home_switch_never_closes,
        a_home_switch_never_opens,
    )
}


@pytest.fixture(scope="module")
def outcomes(
    request: pytest.FixtureRequest,
    possible: None,  # noqa: ARG001
) -> Iterator[dict[str, "Future[None]"]]:
    """All that were chosen, as they come."""
    yield from begin_all(request, "name", lambda name: CASES[name]())


@pytest.mark.parametrize("name", CASES)
def test_with(name: str, outcomes: dict[str, "Future[None]"]) -> None:
    outcomes[name].result()

"""What must hold of a session: what is confirmed, what is forgotten, what is recorded."""

import pytest

from mesofw.core import errors, fields, records, settings, states
from mesofw.core.store import Store
from tests.core.support.bench import Bench
from tests.core.support.board import BLOCK_BYTES, MemoryBoard
from tests.core.support.host import Host
from tests.core.support.log import events_of, log_of
from tests.core.support.program import program_text, provision, zone


def idle(*zones: dict[str, object], **changes: object) -> Bench:
    """An idle gun with a program of these zones."""
    bench = Bench()
    provision(bench, program_text(*zones, **changes))
    bench.on()
    bench.until(states.IDLE)
    return bench


@pytest.mark.requirement("SR-119")
def test_a_gun_that_goes_back_to_fitting_is_no_longer_primed() -> None:
    bench = idle(zone(mode="single", shots=5))
    bench.confirm()
    bench.fit()
    bench.prime()
    assert bench.gun.primed
    bench.click()
    bench.turn(1)
    bench.click()
    assert bench.gun.state == states.LOADING
    assert not bench.gun.primed


@pytest.mark.requirement("SR-193")
def test_what_is_confirmed_is_shown_first() -> None:
    zones = (zone(shots=3, volume_nl=20_000), zone(shots=2, volume_nl=5_000))
    bench = idle(*zones, title="Thigh", patient="P-0042", syringe="3 mL", needle="30G", pins=3)
    assert {"Thigh", "P-0042"} <= set(bench.screen)
    bench.click()
    program = bench.gun.session.program
    told = {"zones: 2", "shots: 5", fields.show("total_nl", program.total_nl), "syringe 3 mL"}
    assert told <= set(bench.screen)
    assert "70 µL" in bench.screen
    assert [line for line in bench.screen if line.startswith("30G 6 mm x3")]


@pytest.mark.requirement("SR-201")
def test_a_session_is_told_by_its_events_from_its_confirmation_to_its_end() -> None:
    bench = idle(zone(mode="single", shots=5))
    bench.confirm()
    bench.fit()
    bench.prime()
    bench.click()
    bench.click()
    bench.until(states.READY)
    bench.click()
    bench.turn(1)
    bench.click()
    bench.fit()
    bench.prime()
    bench.click()
    bench.turn(2)
    bench.click()
    bench.until(states.IDLE)
    fitted = [errors.EVENT_LOADED, errors.EVENT_PRIMED, errors.EVENT_ZONE]
    paused = [errors.EVENT_PAUSED, errors.EVENT_RESUMED]
    assert events_of(bench) == [
        errors.EVENT_BOOT,
        errors.EVENT_CONFIRMED,
        *fitted,
        *paused,
        *paused,
        *fitted,
        errors.EVENT_PAUSED,
        errors.EVENT_ENDED,
    ]


@pytest.mark.requirement("SR-170")
def test_each_start_is_recorded_with_its_number_and_the_firmwares_build() -> None:
    bench = idle()
    bench.off()
    bench.on()
    bench.until(states.IDLE)
    starts = [record for record in log_of(bench) if record.code == errors.EVENT_BOOT]
    assert [record.a for record in starts] == [1, 2]
    assert {record.b for record in starts} == {int(bench.build[:7], 16)}


@pytest.mark.requirement("SR-164")
def test_the_log_leaves_128_kb_of_flash_to_program_and_settings() -> None:
    board = MemoryBoard()
    board.flash_bytes = 128 * 1024 + BLOCK_BYTES
    assert Store(board).room() == BLOCK_BYTES // records.RECORD_BYTES
    board.flash_bytes = 128 * 1024
    assert Store(board).room() == 0


@pytest.mark.requirement("SR-232")
@pytest.mark.parametrize(
    ("name", "low", "high"), [("supply_mv", 5_000, 30_000), ("temperature_dc", 400, 1_000)]
)
def test_limits_of_supply_and_heat_are_set_within_what_the_parts_stand(
    name: str, low: int, high: int
) -> None:
    for value, good in ((low, True), (high, True), (low - 1, False), (high + 1, False)):
        record = {**settings.defaults(settings.SETTINGS), name: value}
        read = settings.decode(settings.SETTINGS, settings.encode(record))
        assert (read is not None) == good, value


@pytest.mark.requirement("SR-241")
def test_a_gun_whose_clock_nobody_set_says_that_expiry_is_unknown() -> None:
    bench = idle()
    bench.click()
    assert "Expiry unknown" in bench.screen
    bench.turn(1)
    host = Host(bench)
    host.hello()
    host.ask("clock", unix_s=1_767_225_600, quality_ms=40)
    bench.click()
    assert "Expiry unknown" not in bench.screen
    assert "zones: 1" in bench.screen

"""A log that is full: no shot is fired, nothing that nobody holds is overwritten, and it goes on
once it is pulled."""

from mesofw.core import errors, records, states
from mesofw.core.store import RESERVE_BYTES
from tests.hunts import full
from tests.hunts.flash import BLOCK_BYTES
from tests.hunts.truth import broken_chain, core_of, held, unpacked

# The Pico's file system has 352; on fewer the same happens sooner.
BLOCKS = 48


def test_a_full_log_refuses_shots_and_keeps_all_until_it_is_pulled():
    found = full.filled(BLOCKS)
    world, core = found.world, core_of(found.world)
    assert found.refused == errors.LOG_FULL
    assert broken_chain(found.rows) == 0
    assert found.shots == sum(unpacked(row).kind == records.SHOT for row in found.rows.values())
    # Whatever else happens is recorded while there is room, and nothing is overwritten for it.
    for number in range(900):
        core.log(errors.EVENT_ALERT, number)
        world.run_for(10_000)
    now = dict(held(core.journal))
    assert {number: now[number] for number in found.rows} == found.rows
    assert broken_chain(now) == 0
    assert core.board.free_bytes() >= RESERVE_BYTES - BLOCK_BYTES
    # Pulled and acknowledged, it takes more.
    gun = full.gun_of(world)
    assert len(list(gun.pull(1))) == len(now)
    gun.acknowledge(core.journal.last, full.ARCHIVE)
    assert full.room(world) > 400
    assert world.state in (states.READY, states.PAUSED)


def test_files_wear_the_flash_evenly():
    worn = full.wear(6, 100)
    assert 0 < worn.erases <= worn.shots
    assert worn.most * 1_000 <= full.WORST * worn.shots

"""What goes wrong at a step of a scenario: with needle, syringe, skin, supply, switches, sensors,
the board's parts and memories, the host, and the firmware itself.

A function for each verb.
"""

import random

from mesofw.core.door import CARRIAGE, Inputs
from mesofw.core.records import RECORD_BYTES
from mesosim.holes import AXES, ENCODERS, STICKING, STORED, UNITS, Unfit
from mesosim.stage import Stage, StepFailed

# A line of nonsense comes every so often, at about the link's full speed.
BABBLE_US = 2_000
BABBLE_BYTES = 96
# What a full flash has left: less than the gun keeps free for a program.
LEFT_BYTES = 64 * 1024


def air(stage: Stage, air_nl: int) -> None:
    """So much air stands in the seated syringe."""
    stage.world.plant.cartridge.air_nl = air_nl
    stage.world.plant.cartridge.refresh()
    stage.world.touch()


def leak(stage: Stage, percent: int) -> None:
    """A share of what flows leaves at the hub instead of the tip."""
    stage.world.plant.set_leak(percent / 100)
    stage.world.touch()


def check_leak(percent: int) -> None:
    """Raises Unfit for more than all of it."""
    if percent > 100:
        raise Unfit(f"{percent} % is no share of the flow; allowed: 0 % to 100 %")


def jam(stage: Stage, name: str, force_mn: int) -> None:
    """Something jams an axis with this force; 0 N frees it."""
    stage.world.plant.extra_load_n[AXES[name]] = force_mn / 1000
    stage.world.touch()


def bone(stage: Stage, depth_um: int) -> None:
    """A bone lies this deep below the foot."""
    stage.world.plant.skin.bone_um = depth_um
    stage.world.touch()


def push(stage: Stage, force_mn: int) -> None:
    """The operator pushes the foot on with this force."""
    stage.world.plant.skin.push_n = force_mn / 1000
    stage.world.touch()


def supply(stage: Stage, supply_mv: int) -> None:
    """Set the supply's voltage."""
    stage.world.plant.set_supply(supply_mv)
    stage.world.touch()


def heat(stage: Stage, temperature_dc: int) -> None:
    """Set the temperature of board and drivers."""
    stage.world.plant.temperature_dc = temperature_dc
    stage.world.touch()


def stick(stage: Stage, name: str, level: str) -> None:
    """A switch reads the same from now on."""
    stage.world.plant.stuck[STICKING[name]] = int(level)
    stage.world.touch()


def unstick(stage: Stage, name: str) -> None:
    """A switch reads as it is again."""
    stage.world.plant.stuck.pop(STICKING[name], None)
    stage.world.touch()


def block_needle(stage: Stage) -> None:
    """The needle lets hardly anything through."""
    _block(stage, True)


def unblock_needle(stage: Stage) -> None:
    """The needle is free again."""
    _block(stage, False)


def _block(stage: Stage, blocked: bool) -> None:
    stage.world.plant.cartridge.block(blocked)
    stage.world.touch()


def slip(stage: Stage, name: str) -> None:
    """An axis loses its steps from now on."""
    _set_slip(stage, name, True)


def grip(stage: Stage, name: str) -> None:
    """An axis no longer loses steps."""
    _set_slip(stage, name, False)


def _set_slip(stage: Stage, name: str, slips: bool) -> None:
    stage.world.plant.slipping[AXES[name]] = slips
    stage.world.touch()


def fail(stage: Stage, name: str) -> None:
    """The board finds that one of its parts fails."""
    stage.world.plant.faulty |= UNITS[name]
    stage.world.touch()


def mend(stage: Stage, name: str) -> None:
    """It finds that the part works again."""
    stage.world.plant.faulty &= ~UNITS[name]
    stage.world.touch()


def encoder(stage: Stage, name: str, how: str) -> None:
    """From now on an axis's encoder counts so."""
    plant = stage.world.plant
    axis = AXES[name]
    place_um = plant.carriage_um() if axis == CARRIAGE else plant.plunger_um()
    plant.axes[axis].break_encoder(ENCODERS[how], place_um)
    stage.world.touch()


def damage(stage: Stage, name: str) -> None:
    """A bit of what is stored flips, in every copy of it."""
    fram, files = stage.world.board.fram, stage.world.board.flash
    if name in _IN_FRAM:
        for place in _IN_FRAM[name]:
            fram.data[place] ^= 4
        return
    if name == "last shot":
        fram.data[_newest_shot(stage) + _IN_RECORD] ^= 4
        return
    copies = [copy for copy in files.held if copy.split(".")[0] == STORED[name]]
    if not copies:
        raise StepFailed(f"no {name} is stored")
    for copy in copies:
        data = bytearray(files.held[copy])
        data[len(data) // 3] ^= 4
        files.held[copy] = bytes(data)


# Both slots of the counters; see `memory`.
_IN_FRAM = {"counters": (4, 56)}
# Within a record: the volume that was measured.
_IN_RECORD = 68


def _newest_shot(stage: Stage) -> int:
    """Where in the journal memory the last shot's record is."""
    journal = stage.world.board.fram.data
    last = stage.last_shot()
    for at in range(len(journal) - RECORD_BYTES):
        if journal[at : at + 16] == last[:16]:
            return at
    raise StepFailed("the last shot is not in the journal memory any more")


def fill_flash(stage: Stage) -> None:
    """Something fills the flash up to what the gun keeps free."""
    files = stage.world.board.flash
    files.held["filling"] = bytes(files.free_bytes() - LEFT_BYTES)


def empty_flash(stage: Stage) -> None:
    """That is gone again."""
    stage.world.board.flash.held.pop("filling", None)


def _set_flash(stage: Stage, fails: bool) -> None:
    stage.world.board.flash.fails = fails
    stage.reports_meant = True


def flash_fails(stage: Stage) -> None:
    """Nothing can be written to the flash any more."""
    _set_flash(stage, True)


def flash_works(stage: Stage) -> None:
    """It can be written again."""
    _set_flash(stage, False)


def _set_journal(stage: Stage, fails: bool) -> None:
    stage.world.board.fram.fails = fails
    stage.reports_meant = True


def journal_fails(stage: Stage) -> None:
    """The journal memory does not answer any more."""
    _set_journal(stage, True)


def journal_works(stage: Stage) -> None:
    """It answers again."""
    _set_journal(stage, False)


def host_silent(stage: Stage) -> None:
    """The host reads nothing any more."""
    stage.world.board.host_reads = False


def host_reads(stage: Stage) -> None:
    """It reads again."""
    stage.world.board.host_reads = True


def babble(stage: Stage, duration_us: int) -> None:
    """The host sends nonsense, line after line."""
    world = stage.world
    rng = random.Random(duration_us)
    until_us = world.now_us + duration_us
    while world.now_us < until_us:
        nonsense = bytes(rng.randrange(32, 127) for _ in range(BABBLE_BYTES))
        world.board.to_gun.append(nonsense + b"\n")
        world.touch()
        world.run_until(min(until_us, world.now_us + BABBLE_US))


def raise_error(stage: Stage) -> None:
    """The firmware's next step meets an error of its own."""
    world = stage.world
    sample = world.board.sample

    def broken(inputs: Inputs) -> None:
        world.board.sample = sample
        sample(inputs)
        raise ZeroDivisionError("the scenario says so")

    world.board.sample = broken
    stage.reports_meant = True
    world.touch()


def hang(stage: Stage) -> None:
    """The firmware does nothing any more."""
    stage.world.hang()

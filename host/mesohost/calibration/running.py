"""A guided session from its journal to its file: at a gun, or with a virtual bench."""

import contextlib
from collections.abc import Callable, Mapping
from pathlib import Path

from mesofw import VERSION
from mesohost.answers import Hello
from mesohost.calibration import (
    depth_session,
    empty_session,
    guide,
    kinds,
    motor_session,
    record,
    volume_session,
)
from mesohost.calibration.at_gun import (
    CarriageAtGun,
    CradleAtGun,
    MotorAtGun,
    PlungerAtGun,
)
from mesohost.calibration.guide import Actions, Front
from mesohost.calibration.journal import Journal
from mesohost.calibration.record import Calibration
from mesohost.calibration.session import State
from mesohost.calibration.stand import Stand
from mesohost.calibration.strokes import Scale
from mesohost.gun import Gun
from mesohost.troubles import ProtocolMismatch, Trouble


def identified(gun: Gun) -> Hello:
    """Who answers. Raises ProtocolMismatch for a firmware of another release, whose steps and
    tables may be others than those that a session reckons with."""
    hello = gun.hello()
    if hello.firmware != VERSION:
        raise ProtocolMismatch(
            f"the gun runs firmware {hello.firmware}; this tool calibrates {VERSION}",
            ["put this release's firmware onto it: mesogun flash"],
        )
    return hello


def journal_of(folder: Path, kind: str, board: str) -> Journal:
    """The journal of a gun's session that is under way, or of its next."""
    return Journal(folder / f"{kind}-{board}.session")


def at_gun(
    kind: str, journal: Journal, stand: Stand, scale: Scale, front: Front
) -> tuple[Path, Calibration]:
    """Go through a session at a gun, from where it was broken off; what came of it and where that
    is kept. However it ends, the gun is out of calibrating then, as far as it answers. Raises
    Trouble: the session can be gone on with."""
    actions = _ACTIONS[kind](stand, scale, journal)
    try:
        state = guide.run(kinds.KINDS[kind].definition, journal, front, actions)
    finally:
        with contextlib.suppress(Trouble):
            stand.leave()
    return kept(kind, state, journal)


def kept(kind: str, state: State, journal: Journal) -> tuple[Path, Calibration]:
    """Keep what a session that is over has come to beside its journal, which ends with it. Raises
    FileTrouble."""
    definition = kinds.KINDS[kind].definition
    outcome = kinds.KINDS[kind].outcome(state.answers)
    one = record.finished(definition, state, outcome, guide.now_text())
    path = record.keep(journal.path.parent, one)
    journal.remove()
    return path, one


def seated(journal: Journal) -> str:
    """Which syringe a volume session is of. Raises Trouble before that is known."""
    state = journal.load(volume_session.DEFINITION)
    if state is None or "who" not in state.answers:
        raise Trouble("it is not known yet which syringe is seated")
    return str(state.answers["who"]["syringe"])


def _volume(stand: Stand, scale: Scale, journal: Journal) -> Actions:
    return volume_session.actions(PlungerAtGun(stand, lambda: seated(journal)), scale)


_ACTIONS: Mapping[str, Callable[[Stand, Scale, Journal], Actions]] = {
    "volume": _volume,
    "depth": lambda stand, _scale, _journal: depth_session.actions(CarriageAtGun(stand)),
    "empty": lambda stand, _scale, _journal: empty_session.actions(CradleAtGun(stand)),
    "motor": lambda stand, _scale, _journal: motor_session.actions(MotorAtGun(stand)),
}

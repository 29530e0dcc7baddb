"""The doctor's checks, in order: what is looked at, what is allowed, why it may fail, what mends
it."""

from mesofw.core.fields import show
from mesofw.core.machine import AXES
from mesohost.doctor import board_checks as board
from mesohost.doctor import hands_checks as hands
from mesohost.doctor import link_checks as link
from mesohost.doctor import moving_checks as moving
from mesohost.doctor import port_checks as ports
from mesohost.doctor.model import BOARD, HANDS, LINK, MOVES, QUALITY, STAGES, Check

_ALL_AFTER_LINK = STAGES[STAGES.index(LINK) + 1 :]
_NO_GUN = "without a gun that answers, nothing more can be looked at"
_NOT_READY = "a gun that is not idle moves nothing, and its switches mean something else"
_NOT_LET = "the gun moves for nobody who was not let in"
_UNKNOWN = "where an axis does not move as it is told, no further movement tells anything"

_FOLLOW = "follow within " + " and ".join(f"{axis.tolerance_nm // 1000} µm" for axis in AXES)


def _range(name: str, low: int, high: int) -> str:
    return f"{show(name, low)} to {show(name, high)}"


CHECKS: tuple[Check, ...] = (
    Check("port", LINK, "port", "is there and opens", ports.port, ports.causes(),
          (LINK, *_ALL_AFTER_LINK), "without a port, nothing more can be looked at"),
    Check("answers", LINK, "who answers", "a gun of this protocol", link.answers, link.ANSWERS,
          (LINK, *_ALL_AFTER_LINK), _NO_GUN),
    Check("firmware", LINK, "firmware", "this release's build", link.firmware, link.FIRMWARE),
    Check("self_test", BOARD, "self-test", "passed, homed, idle", board.self_test,
          board.SELF_TEST, (HANDS, MOVES), _NOT_READY),
    Check("parts", BOARD, "parts", "none fails", board.parts, board.PARTS),
    Check("supply", BOARD, "supply", _range("supply_mv", *board.SUPPLY_MV), board.supply,
          board.SUPPLY, (MOVES,), "motors without a good supply lose steps"),
    Check("journal", BOARD, "journal memory",
          f"answers, room for {board.RING_LEAST} records", board.journal, board.JOURNAL),
    Check("storage", BOARD, "files", f"room for {board.ROOM_LEAST} records", board.storage,
          board.STORAGE),
    Check("temperature", BOARD, "temperature", _range("temperature_dc", *board.TEMPERATURE_DC),
          board.temperature, board.TEMPERATURE),
    Check("force", BOARD, "force at rest",
          _range("force_mn", -board.FORCE_ZERO_MN, board.FORCE_ZERO_MN), board.force,
          board.FORCE),
    Check("switches", BOARD, "switches at rest", "all open, the carriage at home",
          board.switches, board.SWITCHES_OPEN, (HANDS, MOVES),
          "a switch that does not read as it is says nothing more"),
    *hands.checks(),
    Check("link", QUALITY, "link", f"{link.RETRIES_MOST_PCT:g} % sent again, 95 % answered within "
          f"{link.P95_MOST_MS:g} ms, all within {link.LONGEST_MS:g} ms, "
          f"{link.LEAST_B_S / 1000:g} kB/s", link.quality, link.QUALITY),
    Check("let_in", MOVES, "let in to move", "by the key, and by a press at the gun",
          moving.enter, moving.ENTER, (MOVES,), _NOT_LET),
    Check("drivers", MOVES, "drivers", "both answer and hold", moving.drivers, moving.DRIVERS,
          (MOVES,), _UNKNOWN),
    Check("encoders", MOVES, "encoders", _FOLLOW, moving.encoders,
          moving.ENCODERS, (MOVES,), _UNKNOWN),
    Check("home", MOVES, "homing", "both switches found", moving.home, moving.HOME, (MOVES,),
          _UNKNOWN),
    Check("repeat", MOVES, "homing again", f"within {moving.SPREAD_UM} µm", moving.repeat,
          moving.SPREAD),
    Check("spring", MOVES, "spring's return", f"within {moving.SPRING_MS} ms", moving.spring,
          moving.SPRING, (MOVES,), "a needle that does not come back in time is moved no more"),
    Check("travel", MOVES, "travel", "all the way and back, no steps lost", moving.travel,
          moving.TRAVEL, (MOVES,), _UNKNOWN),
    Check("force_moving", MOVES, "force in motion",
          _range("force_mn", -board.FORCE_ZERO_MN, board.FORCE_ZERO_MN), moving.force,
          moving.FREE_FORCE),
    Check("speed", MOVES, "top speed", "no steps lost", moving.speed, moving.SPEED),
    Check("left", MOVES, "after it", "restarted, homed, idle", moving.leave, moving.LEFT),
)  # fmt: skip

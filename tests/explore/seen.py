"""What a rule is given: one step of the gun, what it started, and what must be remembered."""

from dataclasses import dataclass, field
from typing import Any, Protocol

from mesofw.core import states
from mesofw.core.door import CARRIAGE
from mesofw.core.gun import Gun
from mesofw.core.records import Record

Legs = tuple[tuple[int, int, int], ...]


class Thrown(RuntimeError):
    """An error that an explorer has a part throw."""


class Body(Protocol):
    """The truth behind the door. Plunger positions in its own steps, told to within `slack` steps;
    needle out of the foot or not. `late` where hands may move on before the gun's next step."""

    @property
    def light(self) -> int: ...
    @property
    def sound(self) -> int: ...
    @property
    def screen(self) -> list[str]: ...
    def tip_out(self) -> bool: ...
    def plunger(self) -> int: ...
    def slack(self) -> int: ...
    def late(self) -> bool: ...
    def running(self) -> bool: ...
    def driven(self) -> bool: ...
    def empty_at(self) -> int: ...
    def zero_off(self) -> bool: ...
    def broken(self) -> list[str]: ...


@dataclass(frozen=True)
class Start:
    """A motion that was started, by the gun or by its armed board: in which state, its legs as
    (axis, direction, pulses), and how things stood then."""

    state: int
    legs: Legs
    contact: bool
    pulled: bool
    number: int  # of the record whose intent lay whole in the journal memory, 0 for none
    before: int  # the number of the shot's record before
    homed: bool
    primed: bool
    calibrated: bool
    commissioned: bool
    tip_out: bool
    plunger: int
    off_nm: tuple[int, int]  # how far each axis' encoder is from its steps

    def pulses(self, axis: int) -> int:
        """What the legs forward on an axis come to."""
        return sum(pulses for on, way, pulses in self.legs if on == axis and way > 0)

    @property
    def shot(self) -> bool:
        """Whether the needle goes out."""
        return self.state == states.SHOOTING and self.pulses(CARRIAGE) > 0


@dataclass
class Past:
    """How things stood after the step before."""

    state: int = states.BOOT
    plunger: int = 0
    tip_out: bool = False
    running: bool = False
    last: int = 0


@dataclass
class Ghost:
    """What must be remembered to judge: `life` since power-on, the rest for ever."""

    presses: int = 0  # of the knob since the gun came to idle, or it was turned, in this life
    primed: int = 0  # steps pushed while priming since the last syringe, in this life
    loaded: int | None = None  # where the plunger met the stopper
    floor: int | None = None  # where it stood before the present shot, or at the stopper
    started: int = 0  # shots whose needle went out
    closed: int = 0  # records of shots, those of training left out
    number: int = 0  # of the last shot's intent
    fault_ms: int = -1  # since when it stands in fault
    turned_ms: int = 0  # when the knob was turned last, in this life
    chain: bytes = b""
    shot: int = 0  # its number in its session, as the last record says
    session: int = 0
    given_nl: int = 0
    legs: Legs = ()  # of the motion started last
    pushed: int = 0  # steps by which the last shot pushed the plunger forward, from `shot_from`
    shot_from: int = 0
    genuine: bool = False  # what the gun asks the operator came under the key, in time and once
    asked: bool = False  # it was being asked as the step before ended
    allowed: int = 0  # presses since it is asked, in steps after the one in which it came
    stored: tuple[Any, ...] = ()  # settings, calibration and commissioning as they were
    latest_s: int = 0  # the latest time that a clock was set to, in this life


@dataclass
class Seen:
    """One step."""

    gun: Gun
    body: Body
    past: Past
    ghost: Ghost
    calls: list[str] = field(default_factory=list[str])
    starts: list[Start] = field(default_factory=list[Start])
    events: list[tuple[int, int, bool]] = field(default_factory=list[tuple[int, int, bool]])
    records: list[Record] = field(default_factory=list[Record])
    broke: bool = False
    threw: bool = False
    chained: bool = True
    wait_us: int = 0
    moved: int = 0  # plunger steps since the step before, in that step's state
    memory_fails: bool = False

    @property
    def state(self) -> int:
        return self.gun.state

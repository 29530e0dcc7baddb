"""The board interface: the only door between `core` and the outside.

`Inputs` is what a step sees; `Board` is what it may do. A board (the RP2040's, the virtual gun's)
is any class with these attributes and methods. Nothing here blocks for longer than it says.
"""

from mesofw.core.motion import Segments

CARRIAGE = 0
PLUNGER = 1
NEITHER = 2

# Lights: steady or blinking, one at a time. Sounds follow the pulse patterns of IEC 60601-1-8.
LIGHT_OFF, LIGHT_IDLE, LIGHT_WAIT, LIGHT_READY, LIGHT_SHOT, LIGHT_LOW, LIGHT_ALARM = range(7)
SOUND_OFF, SOUND_SHOT, SOUND_REFUSED, SOUND_LOW, SOUND_MEDIUM, SOUND_HIGH = range(6)

SCREEN_COLUMNS = 16
SCREEN_LINES = 8


class Inputs:
    """What the board sampled for one step. Switches are 1 (closed, pressed) or 0, not debounced."""

    def __init__(self):
        self.trigger = 0
        self.pedal = 0
        self.press = 0  # the knob's push-button
        self.turns = 0  # the knob's detents since start, clockwise positive
        self.contact = 0  # the foot touches skin
        self.seated = 0  # a syringe is in its cradle
        self.stop = 0  # the emergency stop is pressed: the motor supply is cut by hardware
        self.carriage_home = 0
        self.plunger_home = 0
        self.carriage_steps = 0  # pulses put out since `zero`, forward positive
        self.plunger_steps = 0
        self.carriage_counts = 0  # encoder counts since `zero`
        self.plunger_counts = 0
        self.phases_done = 0  # end marks consumed since `motion_start`
        self.force_mn = 0  # plunger force
        self.force_peak_mn = 0  # its highest value since `motion_start`
        self.supply_mv = 0
        self.temperature_dc = 0  # the hottest of board and drivers


class Phase:
    """One leg of a motion: an axis, a direction, and its run of segments.

    `kind` is for core's own use. `axis` is NEITHER for a pause. `first` and `count` index segments.
    """

    def __init__(self):
        self.kind = 0
        self.axis = NEITHER
        self.direction = 1
        self.first = 0
        self.count = 0
        self.pulses = 0


class Board:
    """What a board does. The methods below raise nothing unless they say so.

    Here they are only described: a board that leaves one out fails at its first call, and the gun
    then cuts the drivers.

    The board calls `Gun.step(now_us)` when an input changed, a phase ended, bytes came in, or the
    time that the last step asked for has come, whichever is first.
    """

    board_id: str  # unique for each board, hexadecimal
    build: str  # hash of the firmware that runs, hexadecimal
    hardware_verified: bool  # True only for a board that has been commissioned on a bench
    link_bytes: int  # the most bytes that `link_read` gives in one step
    fram_bytes: int  # size of the journal memory

    def sample(self, inputs: Inputs) -> None:
        """Fill in the inputs as they are now."""
        raise NotImplementedError

    def motion_load(self, segments: Segments, phases: list, count: int) -> None:
        """Take the first `count` phases for the next start. Both are kept by reference and stay as
        they are while in use. Only while nothing moves."""
        raise NotImplementedError

    def motion_patch(self, phase: int, segment: int, pulses: int) -> None:
        """Set the pulses of one segment of a loaded phase. Only while nothing moves."""
        raise NotImplementedError

    def motion_start(self) -> None:
        """Run the loaded phases one after the other, once, without further help."""
        raise NotImplementedError

    def motion_stop(self) -> None:
        """Freeze both axes within one pulse. The step counters stay exact."""
        raise NotImplementedError

    def motors(self, carriage: bool, plunger: bool) -> None:
        """Switch the drivers on or off. With its driver off the carriage springs back (200 ms);
        the plunger stays where it is."""
        raise NotImplementedError

    def zero(self, axis: int) -> None:
        """Call the axis's present position 0, in steps and in counts."""
        raise NotImplementedError

    def force_watch(self, limit_mn: int) -> None:
        """Ask for a step as soon as the plunger's force passes `limit_mn` (within 1 ms); 0 ends
        it."""
        raise NotImplementedError

    def fram_read(self, address: int, buffer: bytearray) -> None:
        """Fill `buffer` from the journal memory at `address`."""
        raise NotImplementedError

    def fram_write(self, address: int, data: bytes) -> None:
        """Write to the journal memory, in order, durable on return; a power cut leaves a prefix."""
        raise NotImplementedError

    def open(self, name: str, mode: str):
        """Open a file ("rb", "wb", "ab", "r+b") with seek, readinto, write, close. What was written
        is durable at `close`. May block for tens of milliseconds: only with the needle out.
        Raises OSError."""
        raise NotImplementedError

    def remove(self, name: str) -> None:
        """Remove a file. Raises OSError where there is none."""
        raise NotImplementedError

    def files(self) -> list:
        """(name, bytes) of every file."""
        raise NotImplementedError

    def free_bytes(self) -> int:
        """Bytes free for files."""
        raise NotImplementedError

    def free_heap(self) -> int:
        """Bytes of heap free after a collection (up to 25 ms: only at rest); 0 where memory has no
        such bound."""
        raise NotImplementedError

    def link_read(self, buffer: bytearray) -> int:
        """Put the bytes that came in at the start of `buffer`, at most `link_bytes`; how many."""
        raise NotImplementedError

    def link_write(self, data) -> int:
        """Take bytes to send, without blocking; how many were taken (0 where the port is full)."""
        raise NotImplementedError

    def show(self, lines: list) -> None:
        """Show up to SCREEN_LINES texts of up to SCREEN_COLUMNS characters."""
        raise NotImplementedError

    def signal(self, light: int, sound: int) -> None:
        """Set the light (LIGHT_…) and the sound (SOUND_…) until told otherwise."""
        raise NotImplementedError

    def report(self, error: Exception) -> None:
        """Write an exception's traceback where an engineer can read it."""
        raise NotImplementedError

    def rest(self) -> None:
        """Nothing moves and nothing is due for 25 ms: time to tidy up memory, so that this need not
        happen in a shot. Called about once a second at rest."""
        raise NotImplementedError

    def feed(self) -> None:
        """Feed the watchdog. Called last, in a healthy step only."""
        raise NotImplementedError

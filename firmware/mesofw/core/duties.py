"""What a board does for `core`: every attribute and method that one must have.

A description only, which the gun never reads in: its memory is short. Boards on CPython may
inherit it; tests hold every board to it.
"""

from mesofw.core.door import Inputs
from mesofw.core.motion import Segments


class Board:
    """The methods below raise nothing unless they say so, and block for no longer than they say.

    Here they are only described: a board that leaves one out fails at its first call, and the gun
    then cuts the drivers.

    A board may have more methods, which take no memory in a shot: `write_crc` as in `records`;
    `put(row, column, width, number)`, which puts a number in the place of one that is shown, to the
    right in `width` columns from `column` on; and `glance(inputs)`, which fills in steps, counts
    and force alone. A board that has it calls its attribute `between(now_us)`, unless that is None,
    again and again between steps, and asks for a step where it gives True.

    The board calls `Gun.step(now_us)` when an input changed, a phase ended, bytes came in, or the
    time that the last step asked for has come, whichever is first.
    """

    board_id: str  # unique for each board, hexadecimal
    build: str  # hash of the firmware that runs, hexadecimal
    hardware_verified: bool  # True only for a board that has been commissioned on a bench
    link_bytes: int  # the most bytes that `link_read` gives in one step
    fram_bytes: int  # size of the journal memory
    fired_before: bool  # what was armed last had started when the watchdog ended the run before

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

    def motion_arm(self) -> None:
        """Run the loaded phases, once, as soon as the trigger closes while the foot's contact is
        closed and the stop is not pressed; `Inputs.fired` tells. A trigger that is closed already
        starts nothing. Meanwhile nothing may keep interrupts off, and no file is written."""
        raise NotImplementedError

    def motion_disarm(self) -> bool:
        """Let the trigger start nothing from now on; True where it has done so since
        `motion_arm`."""
        raise NotImplementedError

    def motion_stop(self) -> None:
        """Freeze both axes within one pulse, and let the trigger start nothing. The step counters
        stay exact."""
        raise NotImplementedError

    def motors(self, carriage: bool, plunger: bool) -> None:
        """Switch the drivers on or off. With its driver off the carriage springs back (200 ms);
        the plunger stays where it is."""
        raise NotImplementedError

    def zero(self, axis: int) -> None:
        """Call the axis's present position 0, in steps and in counts."""
        raise NotImplementedError

    def force_watch(self, limit_mn: int) -> None:
        """Ask for a step as soon as the plunger's force passes `limit_mn` (within 1 ms, 2 ms while
        a trace runs); 0 ends it."""
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

    def service(self) -> None:
        """Leave for service: restart with the drivers off and the REPL open, once what the link
        still has to send is sent."""
        raise NotImplementedError

    def restart(self) -> None:
        """Start the firmware anew, as `service` does, but into the gun again."""
        raise NotImplementedError

    def stall(self, axis: int) -> int:
        """The lowest StallGuard reading of an axis's driver since this was asked last, -1 where
        there is none: how much torque is left, in no unit. Evidence, no more."""
        raise NotImplementedError

    def rest(self) -> None:
        """Nothing moves: tidy up memory as soon as this step is over, so that this need not happen
        in a shot (up to 40 ms). Called about once a second at rest, and between shots where the
        link has taken much."""
        raise NotImplementedError

    def feed(self) -> None:
        """Feed the watchdog. Called last, in a healthy step only."""
        raise NotImplementedError

"""What is measured on the chip, for the tests and for the table of figures."""

from dataclasses import dataclass

from tests.whole_chip.chip import Chip

# Free memory is kept whole while modules are read in.
_SMALL = "import gc\ngc.collect()\ngc.threshold(8192)\n"


@dataclass(frozen=True)
class Start:
    """From reset to the end of the self-test, with the board in memory. Times in µs since reset,
    sizes in bytes."""

    read_us: int
    tested_us: int
    read_free_b: int
    free_b: int
    board_b: int
    state: str
    errors: str


@dataclass(frozen=True)
class Plan:
    """One zone's plan: µs for the shot's figures, µs for its timetable, bytes allocated."""

    mode: str
    depth_um: int
    volume_nl: int
    take_us: int
    plan_us: int
    allocated_b: int

    @property
    def whole_us(self) -> int:
        """Both together."""
        return self.take_us + self.plan_us


def start(chip: Chip) -> Start:
    """Bring the gun up on a chip that was just switched on."""
    text = chip.run(_SMALL + "from tests.whole_chip.on_chip import start\nstart.main()", 500)
    figures, said = text.strip().split("\n")
    state, errors = said.split(" ", 1)
    read_us, tested_us, read_free_b, free_b, board_b = (int(word) for word in figures.split())
    return Start(read_us, tested_us, read_free_b, free_b, board_b, state, errors)


def plans(chip: Chip) -> list[Plan]:
    """Plan some zones on the chip."""
    text = chip.run(_SMALL + "from tests.whole_chip.on_chip import plan\nplan.main()", 300)
    found: list[Plan] = []
    for line in text.strip().split("\n"):
        mode, *words = line.split()
        found.append(Plan(mode, *(int(word) for word in words)))
    return found

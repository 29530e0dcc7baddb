"""The table of resources holds: nothing is used twice, and programs are what their lines say."""

import tomllib
from pathlib import Path

from hardware import pinmap
from mesofw.board import pio_programs, resources, stream
from mesofw.core.shot import PHASES_MAX
from tests.chip.assembler import assemble, sources

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "firmware" / "mesofw" / "board" / "pio_programs.py"
GUN = tomllib.loads((ROOT / "hardware" / "gun.toml").read_text(encoding="utf-8"))

SLOTS = 32
DMA_CHANNELS = 12
FLAGS = 8
# machine.SPI sends and receives by DMA where two channels are free.
SPI_CHANNELS = 2

PROGRAMS = sources(SOURCE.read_text(encoding="utf-8"))
PARTS = resources.PULSES + resources.COUNTS + resources.STEPS


def unique(things) -> bool:
    listed = list(things)
    return len(set(listed)) == len(listed)


def test_each_word_is_what_its_line_says():
    placed = {"STEPPER": resources.STEPPER, "QUADRATURE": resources.QUADRATURE}
    placed["COUNTER"] = resources.COUNTER
    assert PROGRAMS.keys() == placed.keys()
    for name, (_, slot, words) in placed.items():
        assert list(words) == assemble(PROGRAMS[name], slot), name


def test_the_entries_are_where_the_labels_are():
    def place(program: str, label: str) -> int:
        return [line.split(":")[0] for line in PROGRAMS[program]].index(label)

    assert place("STEPPER", "segment") == pio_programs.STEPPER_SEGMENT
    assert place("STEPPER", "next") == pio_programs.STEPPER_NEXT
    assert place("QUADRATURE", "sample") == pio_programs.QUADRATURE_SAMPLE
    # Its jumps by what the pins were and are need it at the beginning.
    assert resources.QUADRATURE[1] == 0
    assert place("COUNTER", "begin") == 0


def test_no_instruction_slot_is_used_twice_and_the_drivers_uart_has_room():
    used = [
        (block, slot + place)
        for block, slot, words in resources.PROGRAMS
        for place in range(len(words))
    ]
    # MicroPython loads a program from the last slot downwards.
    block, _, words, _ = resources.DRIVER_UART
    used += [(block, SLOTS - 1 - place) for place in range(words)]
    assert unique(used)
    assert all(0 <= slot < SLOTS for _, slot in used)


def test_no_state_machine_and_no_dma_channel_is_used_twice():
    machines = [part[:2] for part in PARTS] + [resources.DRIVER_UART[:2]]
    assert unique(machines)
    assert all(machine in range(4) for _, machine in machines)
    channels = [part[2] for part in PARTS]
    assert unique(channels)
    # They are the last ones: others are given the first that are free.
    assert sorted(channels) == list(range(DMA_CHANNELS - len(PARTS), DMA_CHANNELS))
    assert min(channels) >= SPI_CHANNELS


def test_a_program_is_in_the_block_of_its_state_machines():
    programs = (resources.STEPPER, resources.QUADRATURE, resources.COUNTER)
    parts = (resources.PULSES, resources.COUNTS, resources.STEPS)
    for program, rows in zip(programs, parts, strict=True):
        assert {row[0] for row in rows} == {program[0]}
        assert len(rows) == len(resources.AXES)


def test_no_flag_is_used_twice_and_every_phase_of_a_shot_has_its_mark():
    assert unique([*range(resources.MARKS), *resources.GO])
    assert max(resources.GO) < FLAGS
    assert resources.MARKS >= PHASES_MAX


def test_the_pins_are_those_of_the_gun():
    held = {pin["gpio"]: pin["function"] for pin in GUN["pins"]}
    named = pinmap.firmware_pins()
    assert named.keys() == pinmap.FUNCTIONS.keys()
    assert sorted(named.values()) == sorted(held)
    for name, function in pinmap.FUNCTIONS.items():
        assert held[named[name]].split(",")[0].split(" (I2C0)")[0] in function, name


def test_the_pins_of_a_part_follow_one_another_and_are_driven_by_one_part():
    for _, _, _, pair in PARTS:
        assert pair[1] == pair[0] + 1
    driven = [pin for part in resources.PULSES for pin in part[3]] + [resources.DRIVER_UART[3]]
    assert unique(driven + [pin for part in resources.COUNTS for pin in part[3]])
    # The counters of steps look at what the pulses drive.
    assert [part[3] for part in resources.STEPS] == [part[3] for part in resources.PULSES]


def test_the_streams_instructions_are_what_their_comments_say():
    said = {
        "mov y, y": stream._IDLE,
        "set pins, 2": stream._FORWARD,
        "set pins, 0": stream._BACKWARD,
        "irq 0": stream._SET_FLAG,
        "wait 1 irq 0": stream._WAIT_FLAG,
    }
    for line, word in said.items():
        assert assemble([f"{line} side 0"]) == [word], line

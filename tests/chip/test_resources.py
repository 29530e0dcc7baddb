"""The table of resources holds: nothing is used twice, and programs are what their lines say."""

from pathlib import Path

from hardware import consistency, design
from mesofw.board import pio_programs, resources, stream
from mesofw.core.shot import PHASES_MAX
from tests.chip.assembler import assemble, sources

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "firmware" / "mesofw" / "board" / "pio_programs.py"

DMA_CHANNELS = 12

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


def test_no_state_machine_slot_flag_or_dma_channel_is_used_twice():
    assert list(consistency.pio(design.load())) == []
    # The DMA channels are the last ones: others are given the first that are free.
    channels = sorted(part[2] for part in PARTS)
    assert channels == list(range(DMA_CHANNELS - len(PARTS), DMA_CHANNELS))


def test_a_program_is_in_the_block_of_its_state_machines():
    programs = (resources.STEPPER, resources.QUADRATURE, resources.COUNTER)
    parts = (resources.PULSES, resources.COUNTS, resources.STEPS)
    for program, rows in zip(programs, parts, strict=True):
        assert {row[0] for row in rows} == {program[0]}
        assert len(rows) == len(resources.AXES)


def test_every_phase_of_a_shot_has_its_mark():
    assert resources.MARKS >= PHASES_MAX


def test_the_pins_are_those_of_the_gun():
    assert list(consistency.pin_map(design.load())) == []


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

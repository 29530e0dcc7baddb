"""The display: what is shown is in the controller's memory, and only what changed is sent."""

import gc

from mesofw.board.display import RETRY_US, Display, plain
from mesofw.core.clock import WRAP_US
from mesofw.core.door import SCREEN_COLUMNS, SCREEN_LINES
from tests.board.chips.ssd1306 import COLUMNS, PAGES, Ssd1306

START_US = WRAP_US - 100_000
CELL_BYTES = 15


class Bench:
    """A display and time."""

    def __init__(self, there=True):
        self.chip = Ssd1306()
        self.chip.there = there
        self.now_us = START_US
        self.display = Display(self.chip, self.now_us)

    def step(self, passed_us=500):
        """Bytes that one step sends."""
        before = self.chip.sent
        self.now_us = (self.now_us + passed_us) % WRAP_US
        self.display.step(self.now_us)
        return self.chip.sent - before

    def settle(self):
        """How many steps send something."""
        count = 0
        while self.step():
            count += 1
        return count


def shown(lines):
    bench = Bench()
    bench.display.show(lines)
    bench.settle()
    return bench.chip


def cells(chip, row):
    """The cells of a line as bytes."""
    at = COLUMNS * row
    return [bytes(chip.memory[at + 8 * place : at + 8 * place + 8]) for place in range(16)]


def test_it_is_set_up_and_on():
    chip = shown([])
    assert chip.on
    assert chip.pumped
    assert chip.flipped == [True, True]


def test_nothing_of_what_the_memory_held_at_power_on_stays():
    assert not any(shown([]).memory)


def test_text_fills_its_cells_and_no_others():
    chip = shown(["", "MMMMMMMMMMMMMMMM", "", "  M"])
    assert [any(cells(chip, row)[0]) for row in range(PAGES)] == [False, True] + [False] * 6
    assert len(set(cells(chip, 1))) == 1
    assert any(cells(chip, 1)[15])
    assert [place for place in range(16) if any(cells(chip, 3)[place])] == [2]


def test_every_line_and_column_of_the_door_is_on_the_screen():
    chip = shown(["#" * SCREEN_COLUMNS] * SCREEN_LINES)
    assert SCREEN_COLUMNS * 8 == COLUMNS
    assert SCREEN_LINES == PAGES
    for row in range(PAGES):
        assert all(any(cell) for cell in cells(chip, row))


def test_lines_of_before_are_gone():
    bench = Bench()
    bench.display.show(["A" * 16] * 8)
    bench.settle()
    bench.display.show(["B"])
    bench.settle()
    assert bytes(bench.chip.memory) == bytes(shown(["B"]).memory)


def test_only_characters_that_changed_are_sent_one_a_step():
    bench = Bench()
    bench.display.show(["left 60 of 60", "4 mm"])
    bench.settle()
    bench.display.show(["left 60 of 60", "4 mm"])
    assert bench.step() == 0
    bench.display.show(["left 59 of 60", "4 mm"])
    assert [bench.step(), bench.step(), bench.step()] == [CELL_BYTES, CELL_BYTES, 0]
    assert bytes(bench.chip.memory) == bytes(shown(["left 59 of 60", "4 mm"]).memory)


def test_a_step_takes_less_than_half_a_millisecond_of_the_bus():
    # 9 bits a byte, and the address, at 400 kHz.
    assert (CELL_BYTES + 1) * 9 * 1_000_000 // 400_000 < 500


def test_taking_texts_sends_and_draws_nothing():
    bench = Bench()
    bench.settle()
    before = bench.chip.sent
    bench.display.show(["A" * 16] * 8)
    assert bench.chip.sent == before
    assert not bench.display.settled
    bench.settle()
    assert bench.display.settled


def test_a_step_looks_at_one_line_at_most():
    bench = Bench()
    bench.settle()
    bench.display.show(["A"] * 8)
    for row in range(PAGES):
        assert [any(cells(bench.chip, place)[0]) for place in range(PAGES)] == [
            place < row for place in range(PAGES)
        ]
        bench.step()


def test_a_number_is_put_in_the_place_of_another():
    bench = Bench()
    bench.display.show(["left 60 of 60", "holds 1000 xL"])
    bench.step()
    bench.display.put(0, 5, 2, 59)
    bench.display.put(1, 6, 4, 9994)
    bench.settle()
    assert bytes(bench.chip.memory) == bytes(shown(["left 59 of 60", "holds 9994 xL"]).memory)
    bench.display.put(0, 5, 2, 58)
    assert [bench.step(), bench.step()] == [CELL_BYTES, 0]
    bench.display.put(0, 5, 2, 9)
    bench.display.put(1, 6, 4, 0)
    bench.settle()
    assert bytes(bench.chip.memory) == bytes(shown(["left  9 of 60", "holds    0 xL"]).memory)
    # The texts of before were not forgotten: they are no longer what is shown.
    bench.display.show(["left 60 of 60", "holds 1000 xL"])
    bench.settle()
    assert bytes(bench.chip.memory) == bytes(shown(["left 60 of 60", "holds 1000 xL"]).memory)


def test_putting_numbers_allocates_nothing():
    bench = Bench()
    bench.display.show(["left 60 of 60"])
    bench.settle()
    gc.collect()
    before = gc.mem_alloc()
    bench.display.put(0, 5, 2, 59)
    assert gc.mem_alloc() == before


def test_what_changes_again_before_it_is_sent_is_sent_as_it_is_then():
    bench = Bench()
    bench.settle()
    for number in range(100):
        bench.display.show(["%d" % number, "x" * (number % 17)])
        bench.step()
    bench.settle()
    assert bytes(bench.chip.memory) == bytes(shown(["99", "x" * (99 % 17)]).memory)


def test_units_and_names_are_written_as_far_as_the_font_goes():
    micro, unknown = cells(shown(["µ?"]), 0)[:2]
    assert any(micro)
    assert micro not in [cells(shown([char]), 0)[0] for char in "u?m"]
    assert cells(shown(["é Ü ß ñ"]), 0) == cells(shown(["e U s n"]), 0)
    assert cells(shown(["Ж"]), 0)[0] == unknown
    assert plain(0xD7) == ord("x")
    assert plain(ord("\n")) == plain(0x7F) == ord("?")


def test_a_character_of_two_bytes_takes_one_cell():
    assert cells(shown(["5 µL"]), 0)[3] == cells(shown(["5 xL"]), 0)[3]


def test_a_missing_display_is_told_and_nothing_is_sent_or_waited_for():
    bench = Bench(there=False)
    assert not bench.display.present
    bench.display.show(["Ready"])
    for _ in range(5_000):
        assert bench.step() == 0
    assert not bench.display.present


def test_a_display_that_comes_back_shows_what_is_true_then():
    bench = Bench()
    bench.display.show(["Homing"])
    bench.settle()
    bench.chip.there = False
    bench.display.show(["Idle"])
    bench.step()
    assert not bench.display.present
    bench.display.show(["Ready"])
    bench.chip = bench.display._i2c = Ssd1306()
    bench.step(RETRY_US)
    assert bench.display.present
    bench.settle()
    assert bench.chip.on
    assert bytes(bench.chip.memory) == bytes(shown(["Ready"]).memory)


def test_steps_allocate_nothing():
    bench = Bench()
    bench.display.show(["#" * 16] * 8)

    class Silent:
        def writeto(self, address, data):
            return 16

    display = bench.display
    display._i2c = Silent()
    display.step(START_US)
    gc.collect()
    before = gc.mem_alloc()
    for _ in range(100):
        display.step(START_US)
    assert gc.mem_alloc() == before

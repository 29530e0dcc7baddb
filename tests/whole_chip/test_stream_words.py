"""The decoder of the whole-chip bench says of words what core asked for; it needs no image."""

import pytest

from mesofw.board.stream import Stream, write
from mesofw.core.door import CARRIAGE, NEITHER, PLUNGER
from mesofw.core.shot import SEGMENTS_MAX, Timetable
from tests.chip.moves import asked, shot, timetable
from tests.whole_chip.stream_words import NotPulses, edges, legs


def words_of(table: Timetable) -> list[list[int]]:
    """The words of both axes as the firmware writes them."""
    found = []
    for axis in (CARRIAGE, PLUNGER):
        stream = Stream([0] * 8 * SEGMENTS_MAX)
        unused = [0] * SEGMENTS_MAX
        write(stream, axis, table.segments, table.phases, table.count, unused, unused)
        halves = stream.halves[: stream.at]
        found.append(
            [low | high << 16 for low, high in zip(halves[::2], halves[1::2], strict=True)]
        )
    return found


TABLES = {
    "a shot": shot(),
    "a dry one": shot(mode="dry", volume_nl=0),
    "a deep one": shot(depth_um=6_000, volume_nl=60_000, rate_per_min=30),
    "back and on by turns": timetable(
        (PLUNGER, 1, [(3, 500), (1, 51)]),
        (CARRIAGE, -1, [(2, 90)]),
        (PLUNGER, -1, [(70_000, 60)]),
    ),
    "pauses of all sizes": timetable(
        (CARRIAGE, 1, [(2, 60), (0, 3), (1, 60), (0, 9)]),
        (NEITHER, 1, [(0, 18), (0, 7), (0, 5_000)]),
        (PLUNGER, 1, [(0, 2), (5, 400), (0, 1)]),
    ),
}


@pytest.mark.parametrize("name", TABLES)
def test_every_pulse_is_decoded_to_its_cycle(name: str) -> None:
    table = TABLES[name]
    begin, found = legs(words_of(table))
    told = list(edges(begin, found))
    for axis, cycles in asked(table)[0].items():
        assert [cycle - begin for cycle, moved, _ in told if moved == axis] == cycles
    phases = table.phases[: table.count]
    assert [leg.axis for leg in found] == [phase.axis for phase in phases]
    turned = [leg.direction for leg in found if leg.pulses]
    assert turned == [phase.direction for phase in phases if phase.pulses]
    ends = asked(table)[1]
    assert sum(leg.ticks for leg in found) in range(ends[-1] - 3, ends[-1] + 1)


def test_what_is_no_stream_of_pulses_is_told() -> None:
    good = words_of(TABLES["a shot"])
    for words, why in (
        ([good[0][:-1], good[1]], "ends without a mark|waits for ever"),
        ([good[0], []], "are not one after|waits for ever"),
        ([[0xE003E002], []], "no instruction"),
        ([[0x00000B00], []], "middle of a token"),
    ):
        with pytest.raises(NotPulses, match=why):
            legs(words)

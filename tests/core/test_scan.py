"""A program's text read back piece by piece: hash, CRC, whole check, where each zone begins."""

import binascii

from mesofw.core import errors
from mesofw.core.loaded import SECTION_MAX_BYTES, read_zone
from mesofw.core.program import section_line
from mesofw.core.scan import PIECE_BYTES, Scan
from mesofw.core.slots import FileSlots
from tests.core.support.board import MemoryBoard
from tests.core.support.check import raises
from tests.core.support.program import head, program_text, sha256, text_of, zone

VERIFIES = {
    "test_expiry_is_judged_by_the_date": ("SR-077",),
}


def scanned(text, today=0, most_steps=1000):
    """What the scan of a program's text finds."""
    board = MemoryBoard()
    board.held["text"] = text
    scan = Scan(board.open("text", "rb"), len(text), today)
    for _ in range(most_steps):
        loaded = scan.step()
        if loaded:
            return loaded
    raise AssertionError("the scan does not end")


def codes(loaded):
    return [fault.code for fault in loaded.faults]


def test_a_good_program_is_read_whole():
    text = program_text(zone(shots=4), zone(name="Arm", volume_nl=5_000, shots=10))
    loaded = scanned(text)
    assert loaded.faults == []
    assert loaded.sha256 == sha256(text)
    assert loaded.crc == binascii.crc32(text)
    assert (loaded.zones, loaded.shots, loaded.total_nl, loaded.length) == (
        2,
        14,
        130_000,
        len(text),
    )
    assert loaded.head == head(viscosity_upa_s=1_000, purpose="treatment")
    assert loaded.limits["session_nl"] == 20_000_000


def test_each_zone_is_found_at_its_offset():
    zones = [zone(name="Zone %d" % number, shots=number + 1) for number in range(60)]
    text = program_text(*zones)
    assert len(text) > 8 * PIECE_BYTES
    board = MemoryBoard()
    slots = FileSlots(board, "program")
    slots.store(text)
    loaded = scanned(text)
    assert len(loaded.zone_at) == 60
    for number in range(60):
        assert read_zone(slots, loaded.zone_at[number]) == zones[number]


def test_a_step_reads_one_piece():
    text = program_text(*[zone()] * 30)
    board = MemoryBoard()
    board.held["text"] = text
    scan = Scan(board.open("text", "rb"), len(text), 0)
    steps = 1
    while not scan.step():
        steps += 1
    assert steps == -(-len(text) // PIECE_BYTES)


def test_lines_may_be_cut_anywhere_by_the_pieces():
    for length in range(1, 60):
        text = text_of(("program", head(title="x" * (length % 40 + 1))))
        text += text_of(*[("zone", zone(name="y" * (length % 24 + 1)))] * 10)
        assert scanned(text).faults == []


def test_limits_of_the_program_are_kept():
    text = text_of(("program", head()), ("hard", {"shot_nl": 30_000}), ("zone", zone()))
    loaded = scanned(text)
    assert loaded.faults == []
    assert loaded.limits["shot_nl"] == 30_000


def test_soft_limits_become_warnings():
    text = text_of(("program", head()), ("soft", {"shot_nl": 10_000}), ("zone", zone()))
    loaded = scanned(text)
    assert [warning.code for warning in loaded.warnings] == [errors.BEYOND_SHOT_LIMIT]


def test_expiry_is_judged_by_the_date():
    product = {"name": "A", "lot": "1", "expiry": 20260630, "share_ppm": 1_000_000}
    text = text_of(("program", head()), ("product", product), ("zone", zone()))
    assert codes(scanned(text, 20260630)) == []
    assert codes(scanned(text, 20260701)) == [errors.EXPIRED]
    assert codes(scanned(text, 0)) == []


def test_faults_of_the_program_are_told():
    assert codes(scanned(program_text(zone(depth_um=5000)))) == [errors.BEYOND_LAYER]
    assert codes(scanned(b"")) == [errors.MISSING, errors.NO_ZONES]


def test_damaged_text_is_broken():
    text = program_text()
    for broken in (
        text[:-1],
        text[:-20],
        text + b"x",
        text + b"\n",
        text + b"not json\n",
        text + b'{"kind":"shot"}\n',
        text + b'{"kind":["zone"]}\n',
        text + b'{"kind":{"zone":1}}\n',
        text + b'{"name":"\xff"}\n',
        text + b"[" * 500 + b"\n",
        b"\x00" * 700 + b"\n" + text,
    ):
        assert errors.BROKEN_PROGRAM in codes(scanned(broken)), broken[-40:]


def test_a_line_longer_than_a_section_is_broken_wherever_it_stands():
    line = section_line("zone", zone())
    for length in (SECTION_MAX_BYTES + 1, SECTION_MAX_BYTES + 100, 2000, 5000):
        for before in range(0, 1100, 275):
            padded = line[:-2] + b" " * (length - len(line)) + b"}\n"
            first = text_of(*[("zone", zone())] * (before // len(line)))
            text = text_of(("program", head())) + first + padded
            assert errors.BROKEN_PROGRAM in codes(scanned(text)), (length, before)


def test_every_line_that_passes_can_be_read_again():
    line = section_line("zone", zone())
    padded = line[:-2] + b" " * (SECTION_MAX_BYTES - len(line)) + b"}\n"
    assert len(padded) == SECTION_MAX_BYTES
    text = text_of(("program", head())) + padded
    loaded = scanned(text)
    assert loaded.faults == []
    board = MemoryBoard()
    slots = FileSlots(board, "program")
    slots.store(text)
    assert read_zone(slots, loaded.zone_at[0]) == zone()


def test_a_hostile_text_takes_bounded_memory():
    unknown = b'{"kind":"zone",' + b",".join(b'"k%d":1' % number for number in range(50)) + b"}\n"
    head_line = text_of(("program", head()))
    for text in (b"\n" * 20_000, b"x" * 20_000, b"{}\n" * 6_000, head_line + unknown * 60):
        loaded = scanned(text)
        assert loaded.faults
        assert len(loaded.faults) < 200
        assert len(loaded.zone_at) <= 200


def test_a_file_shorter_than_announced_ends_all_the_same():
    text = program_text()
    board = MemoryBoard()
    board.held["text"] = text
    scan = Scan(board.open("text", "rb"), len(text) + 500, 0)
    for _ in range(5):
        loaded = scan.step()
        if loaded:
            break
    assert loaded.sha256 == sha256(text)


def test_what_is_no_zone_is_not_read_as_one():
    board = MemoryBoard()
    slots = FileSlots(board, "program")
    text = program_text()
    slots.store(text)
    loaded = scanned(text)
    raises(ValueError, read_zone, slots, 0)
    raises(ValueError, read_zone, slots, loaded.zone_at[0] + 1)
    raises(ValueError, read_zone, slots, len(text))

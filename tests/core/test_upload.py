"""A program on its way in: chunks in any order, then a commit that reads it back."""

import binascii

from mesofw.core import errors
from mesofw.core.errors import Refused
from mesofw.core.slots import FileSlots, trailer
from mesofw.core.upload import LENGTH_MAX, RANGES_TOLD, Upload
from tests.core.support.board import MemoryBoard, PowerLost
from tests.core.support.check import numbers, raises
from tests.core.support.program import program_text, sha256, zone

VERIFIES = {
    "test_chunks_beyond_the_end_are_passed_over": ("SR-188",),
    "test_a_commit_of_an_incomplete_program_is_refused_and_may_go_on": ("SR-188",),
    "test_a_wrong_hash_is_refused_and_the_old_program_stays": ("SR-186",),
    "test_a_program_with_faults_is_refused_and_the_old_program_stays": ("SR-187",),
    "test_what_was_refused_is_not_in_force_after_a_restart_either": ("SR-187",),
    "test_power_lost_at_any_time_leaves_the_old_or_the_new_program": ("SR-138",),
}

TEXT = program_text(*[zone(name="Zone %d" % number) for number in range(8)])
OLD = program_text(zone(name="Old"))


def begun(text=TEXT):
    board = MemoryBoard()
    FileSlots(board, "program").store(OLD)
    upload = Upload(FileSlots(board, "program"), 512)
    assert upload.begin(sha256(text), len(text)) == [[0, len(text)]]
    return board, upload


def send(upload, text, ranges):
    for start, end in ranges:
        upload.chunk(start, text[start:end])


def commit(upload, today=0):
    upload.commit(upload._sha256, today)
    while True:
        scan = upload.step()
        if scan:
            return scan


def refused(function, *arguments):
    return raises(Refused, function, *arguments).fault


def in_force(board):
    return bytes(FileSlots(board, "program").load())


def pieces(size, text=TEXT):
    return [(at, min(at + size, len(text))) for at in range(0, len(text), size)]


def test_a_program_comes_in_and_is_in_force():
    board, upload = begun()
    send(upload, TEXT, pieces(300))
    assert upload.missing() == []
    scan = commit(upload)
    assert (scan.zones, scan.sha256) == (8, sha256(TEXT))
    assert in_force(board) == TEXT


def test_chunks_may_come_in_any_order():
    for seed in range(5):
        board, upload = begun()
        order = pieces(97)
        for index, other in enumerate(numbers(seed, len(order), 0, len(order) - 1)):
            order[index], order[other] = order[other], order[index]
        send(upload, TEXT, order)
        commit(upload)
        assert in_force(board) == TEXT


def test_chunks_may_come_backwards_overlap_and_repeat():
    board, upload = begun()
    length = len(TEXT)
    spans = [(max(0, at - 150), min(length, at + 200)) for at in range(length, -1, -130)]
    send(upload, TEXT, spans + spans[::-1] + [(0, length)])
    assert upload.missing() == []
    commit(upload)
    assert in_force(board) == TEXT


def test_what_is_missing_is_told_from_the_front():
    _, upload = begun()
    send(upload, TEXT, [(100, 200), (300, 400), (200, 250)])
    assert upload.missing() == [[0, 100], [250, 300], [400, len(TEXT)]]
    send(upload, TEXT, [(0, 300)])
    assert upload.missing() == [[400, len(TEXT)]]


def test_not_more_gaps_are_told_than_fit_a_line():
    _, upload = begun()
    send(upload, TEXT, [(at, at + 5) for at in range(10, 400, 10)])
    assert len(upload.missing()) == RANGES_TOLD


def test_chunks_beyond_the_end_are_passed_over():
    board, upload = begun()
    upload.chunk(len(TEXT) - 5, b"x" * 6)
    upload.chunk(len(TEXT), b"x")
    upload.chunk(LENGTH_MAX, b"x")
    upload.chunk(-5, b"xxxxx")
    upload.chunk(0, b"")
    assert upload.missing() == [[0, len(TEXT)]]
    send(upload, TEXT, pieces(300))
    commit(upload)
    assert in_force(board) == TEXT


def test_chunks_without_an_upload_are_passed_over():
    board = MemoryBoard()
    upload = Upload(FileSlots(board, "program"), 512)
    upload.chunk(0, b"text")
    assert refused(upload.commit, sha256(TEXT), 0).code == errors.NO_UPLOAD
    assert sum(len(board.held[name]) for name in board.held) == 0


def test_scattered_single_bytes_take_bounded_memory():
    _, upload = begun()
    for at in range(0, len(TEXT), 2):
        upload.chunk(at, TEXT[at : at + 1])
    assert len(upload._have) <= 64
    # And it is still possible to finish.
    while upload.missing():
        for start, end in upload.missing():
            send(upload, TEXT, [(at, min(end, at + 300)) for at in range(start, end, 300)])
    commit(upload)


def test_a_commit_of_an_incomplete_program_is_refused_and_may_go_on():
    board, upload = begun()
    send(upload, TEXT, pieces(300)[:-1])
    fault = refused(upload.commit, sha256(TEXT), 0)
    assert fault.code == errors.UPLOAD_INCOMPLETE
    assert fault.found.startswith("bytes ")
    assert in_force(board) == OLD
    send(upload, TEXT, pieces(300)[-1:])
    commit(upload)
    assert in_force(board) == TEXT


def test_a_begin_with_the_same_hash_goes_on_where_it_was():
    board, upload = begun()
    send(upload, TEXT, [(0, 600)])
    assert upload.begin(sha256(TEXT), len(TEXT)) == [[600, len(TEXT)]]
    send(upload, TEXT, [(600, len(TEXT))])
    assert upload.begin(sha256(TEXT), len(TEXT)) == []
    commit(upload)
    assert in_force(board) == TEXT


def test_a_begin_with_another_hash_or_length_starts_anew():
    _, upload = begun()
    send(upload, TEXT, [(0, 600)])
    assert upload.begin(sha256(OLD), len(OLD)) == [[0, len(OLD)]]
    _, upload = begun()
    send(upload, TEXT, [(0, 600)])
    assert upload.begin(sha256(TEXT), len(TEXT) + 1) == [[0, len(TEXT) + 1]]


def test_a_wrong_hash_is_refused_and_the_old_program_stays():
    board, upload = begun()
    spoilt = TEXT[:100] + b"X" + TEXT[101:]
    send(upload, spoilt, pieces(300))
    assert refused(commit, upload).code == errors.UPLOAD_MISMATCH
    assert in_force(board) == OLD
    # It must be begun again, from nothing.
    assert refused(upload.commit, sha256(TEXT), 0).code == errors.NO_UPLOAD
    assert upload.begin(sha256(TEXT), len(TEXT)) == [[0, len(TEXT)]]
    send(upload, TEXT, pieces(300))
    commit(upload)
    assert in_force(board) == TEXT


def test_a_program_with_faults_is_refused_and_the_old_program_stays():
    for text, code in (
        (program_text(zone(depth_um=5000)), errors.BEYOND_LAYER),
        (program_text(zone(shots=0)), errors.OUT_OF_RANGE),
        (b"no program at all\n", errors.BROKEN_PROGRAM),
        (TEXT + b"\n", errors.BROKEN_PROGRAM),
        (b'{"kind":[]}\n', errors.BROKEN_PROGRAM),
    ):
        board, upload = begun(text)
        send(upload, text, pieces(300, text))
        assert refused(commit, upload).code == code
        assert in_force(board) == OLD


def test_a_refusal_names_the_first_fault_with_its_place():
    text = program_text(zone(), zone(depth_um=5000))
    _, upload = begun(text)
    send(upload, text, pieces(300, text))
    fault = refused(commit, upload)
    assert (fault.at, fault.found, fault.allowed) == ("zones[2].depth", "5 mm", "up to 4 mm")


def test_what_was_refused_is_not_in_force_after_a_restart_either():
    # A text that ends like a slot of its own must not be taken for one.
    inner = program_text(zone(name="Never checked"))
    text = inner + trailer(1000, len(inner), binascii.crc32(inner))
    board, upload = begun(text)
    send(upload, text, pieces(300, text))
    assert refused(commit, upload).code == errors.BROKEN_PROGRAM
    assert in_force(board) == OLD


def test_nothing_is_taken_while_the_commit_reads():
    board, upload = begun()
    send(upload, TEXT, pieces(300))
    upload.commit(upload._sha256, 0)
    upload.chunk(0, b"garbage")
    while not upload.step():
        upload.chunk(0, b"garbage")
    assert in_force(board) == TEXT


def test_power_lost_at_any_time_leaves_the_old_or_the_new_program():
    def whole(upload):
        upload.begin(sha256(TEXT), len(TEXT))
        send(upload, TEXT, pieces(300))
        commit(upload)

    board = MemoryBoard()
    FileSlots(board, "program").store(OLD)
    before = board.memory()
    spent = board.power.spent
    whole(Upload(FileSlots(board, "program"), 512))
    total = board.power.spent - spent
    for budget in list(range(0, total, 101)) + list(range(total - 25, total)):
        board.restore(before)
        upload = Upload(FileSlots(board, "program"), 512)
        board.power.budget = budget
        raises(PowerLost, whole, upload)
        board.power.budget = None
        assert in_force(board) == OLD, budget
        whole(Upload(FileSlots(board, "program"), 512))
        assert in_force(board) == TEXT

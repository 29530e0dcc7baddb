"""The gun's end of the wire: sessions, sequence numbers, stored replies, credit."""

from mesofw.core import errors, wire
from mesofw.core.errors import refuse
from mesofw.core.link import CREDIT_MAX, Link
from tests.core.support.board import MemoryBoard
from tests.core.support.check import numbers

VERIFIES = {
    "test_a_repeat_gets_the_stored_reply_and_does_nothing_again": ("SR-176",),
    "test_an_older_request_is_refused_and_not_carried_out": ("SR-177",),
    "test_before_hello_everything_is_refused": ("SR-177",),
    "test_another_session_is_refused_until_it_says_hello": ("SR-177",),
    "test_noise_and_damaged_lines_do_nothing": ("SR-178",),
    "test_100_kb_without_a_newline_then_the_next_request_works": ("SR-180",),
    "test_nothing_is_written_beyond_the_credit": ("SR-181",),
    "test_a_host_that_never_reads_stops_nothing": ("SR-181",),
    "test_a_finished_job_is_not_run_again_by_a_repeat": ("SR-176",),
    "test_garbage_in_a_data_line_does_nothing": ("SR-179",),
}


class Peer:
    """A link with a gun's side that counts what it does, and the host that talks to it."""

    def __init__(self, link_bytes=512):
        self.board = MemoryBoard(link_bytes=link_bytes)
        self.done = []
        self.taken = []
        self.job = None
        self.link = Link(self.board, self.handle, self.take)

    def handle(self, name, arguments):
        self.done.append((name, arguments))
        if name == "job":
            return self.job
        if name == "refused":
            raise refuse(errors.NOT_NOW, "", "shooting", "idle")
        if name == "long":
            return {"t": "x" * arguments["n"]}
        return {"n": len(self.done)}

    def take(self, offset, data):
        self.taken.append((offset, bytes(data)))

    def send(self, session, seq, name="count", credit=10_000, **arguments):
        """A request's line goes in; nothing is done with it yet."""
        message = {"s": session, "i": seq, "c": credit, "r": name, "a": arguments}
        self.board.to_gun.extend(wire.encode(message))

    def steps(self, most=200):
        """Steps until there is no more to do at once; how many."""
        count = 0
        while True:
            self.link.step()
            count += 1
            if not self.link.busy and not self.board.to_gun:
                return count
            assert count < most

    def replies(self):
        """Every whole line that came out so far, as messages."""
        lines = bytes(self.board.to_host).split(b"\n")
        assert lines.pop() == b""
        self.board.to_host = bytearray()
        return [wire.decode(line) for line in lines]

    def ask(self, *request, **arguments):
        self.send(*request, **arguments)
        self.steps()
        return self.replies()


def opened(link_bytes=512):
    peer = Peer(link_bytes)
    assert peer.ask("abc", 0, "hello") == [{"s": "abc", "i": 0, "ok": {"n": 1}}]
    peer.done.clear()
    return peer


def test_a_request_is_carried_out_and_answered():
    peer = opened()
    assert peer.ask("abc", 1, x=5) == [{"s": "abc", "i": 1, "ok": {"n": 1}}]
    assert peer.done == [("count", {"x": 5})]


def test_a_refusal_names_code_place_found_and_allowed():
    peer = opened()
    assert peer.ask("abc", 1, "refused") == [
        {
            "s": "abc",
            "i": 1,
            "no": {"code": errors.NOT_NOW, "at": "", "found": "shooting", "allowed": "idle"},
        }
    ]


def test_a_repeat_gets_the_stored_reply_and_does_nothing_again():
    peer = opened()
    first = peer.ask("abc", 1)
    for _ in range(5):
        assert peer.ask("abc", 1) == first
    assert peer.done == [("count", {})]
    # Its arguments do not matter any more.
    assert peer.ask("abc", 1, "refused") == first
    assert len(peer.done) == 1


def test_a_repeat_of_a_refused_request_is_refused_alike():
    peer = opened()
    first = peer.ask("abc", 1, "refused")
    assert peer.ask("abc", 1, "refused") == first
    assert len(peer.done) == 1


def test_an_older_request_is_refused_and_not_carried_out():
    peer = opened()
    peer.ask("abc", 5)
    for seq in (4, 1, 0):
        answer = peer.ask("abc", seq)
        assert [(a["i"], a["no"]["code"]) for a in answer] == [(seq, errors.OUT_OF_SEQUENCE)]
    assert len(peer.done) == 1
    # The stored reply is still there.
    assert peer.ask("abc", 5)[0]["ok"] == {"n": 1}


def test_sequence_numbers_may_skip():
    peer = opened()
    assert peer.ask("abc", 7)[0]["i"] == 7
    assert peer.ask("abc", 1 << 20)[0]["i"] == 1 << 20


def test_before_hello_everything_is_refused():
    peer = Peer()
    assert peer.ask("abc", 0)[0]["no"]["code"] == errors.OLD_SESSION
    assert peer.done == []


def test_another_session_is_refused_until_it_says_hello():
    peer = opened()
    answer = peer.ask("xyz", 9)
    assert (answer[0]["s"], answer[0]["i"]) == ("xyz", 9)
    assert answer[0]["no"]["code"] == errors.OLD_SESSION
    assert peer.done == []
    assert "ok" in peer.ask("xyz", 10, "hello")[0]
    assert "ok" in peer.ask("xyz", 11)[0]
    assert peer.ask("abc", 1)[0]["no"]["code"] == errors.OLD_SESSION
    assert [name for name, _ in peer.done] == ["hello", "count"]


def test_a_new_sessions_first_number_may_be_any():
    peer = opened()
    peer.ask("abc", 500)
    assert "ok" in peer.ask("xyz", 0, "hello")[0]
    assert "ok" in peer.ask("xyz", 1)[0]


def test_noise_and_damaged_lines_do_nothing():
    peer = opened()
    good = wire.encode({"s": "abc", "i": 1, "c": 1000, "r": "count", "a": {}})
    for noise in (
        b"\n\n\n",
        b"garbage\n",
        b"\x00\xff\x03\x04\n",
        good[:-3] + b"00\n",
        good[:20] + b"X" + good[21:],
        good[1:],
        b"{}*a505df1b\n",
        wire.encode({"s": "abc", "i": 1, "c": 1000}),
        wire.encode({"s": "abc", "i": -1, "c": 1000, "r": "count"}),
        wire.encode({"s": "abc", "i": 1, "c": -5, "r": "count"}),
        wire.encode({"s": "abc", "i": 1 << 40, "c": 1000, "r": "count"}),
        wire.encode({"s": "abc", "i": 1.5, "c": 1000, "r": "count"}),
        wire.encode({"s": "abc", "i": True, "c": 1000, "r": "count"}),
        wire.encode({"s": "abc", "i": "1", "c": 1000, "r": "count"}),
        wire.encode({"s": None, "i": 1, "c": 1000, "r": "count"}),
        wire.encode({"s": ["abc"], "i": 1, "c": 1000, "r": "count"}),
        wire.encode({"s": "a" * 17, "i": 1, "c": 1000, "r": "hello"}),
        wire.encode({"i": 1, "c": 1000, "r": "count"}),
        wire.encode({"ok": 1}),
    ):
        peer.board.to_gun.extend(noise)
        peer.steps()
        assert peer.replies() == [], noise
        assert peer.done == []
    peer.board.to_gun.extend(good)
    peer.steps()
    assert peer.replies() == [{"s": "abc", "i": 1, "ok": {"n": 1}}]


def test_a_half_line_waits_for_its_rest():
    peer = opened()
    line = wire.encode({"s": "abc", "i": 1, "c": 1000, "r": "count", "a": {}})
    for cut in range(1, len(line)):
        peer.board.to_gun.extend(line[:cut])
        peer.steps()
        assert peer.replies() == []
        peer.board.to_gun.extend(line[cut:])
        peer.steps()
        assert peer.replies() == [{"s": "abc", "i": 1, "ok": {"n": 1}}]
    assert len(peer.done) == 1


def test_after_a_half_line_and_a_newline_the_next_request_works():
    peer = opened()
    line = wire.encode({"s": "abc", "i": 1, "c": 1000, "r": "count", "a": {}})
    for cut in range(len(line)):
        peer.board.to_gun.extend(line[:cut] + b"\n")
        assert peer.ask("abc", 2 + cut)[-1]["i"] == 2 + cut
    assert len(peer.done) == len(line)


def test_100_kb_without_a_newline_then_the_next_request_works():
    peer = opened()
    flood = b"x" * 4096
    for _ in range(25):
        peer.board.to_gun.extend(flood)
        peer.steps()
    peer.board.to_gun.extend(b"\n")
    assert peer.ask("abc", 1)[0]["ok"] == {"n": 1}


def test_a_step_reads_a_bounded_number_of_bytes():
    peer = opened(link_bytes=64)
    peer.board.to_gun.extend(b"y" * 1000)
    for left in range(1000 - 64, 0, -64):
        peer.link.step()
        peer.link.step()
        assert len(peer.board.to_gun) == left
        assert peer.link.busy


def test_a_request_in_many_pieces_is_one_request():
    peer = opened(link_bytes=1)
    assert peer.ask("abc", 1)[0]["ok"] == {"n": 1}
    assert len(peer.done) == 1


def test_several_requests_in_one_read_are_all_carried_out():
    peer = opened(link_bytes=4096)
    for seq in range(1, 6):
        peer.send("abc", seq)
    peer.steps()
    assert [reply["i"] for reply in peer.replies()] == [1, 2, 3, 4, 5]


def test_nothing_is_written_beyond_the_credit():
    peer = opened()
    reply_bytes = len(wire.encode({"ok": {"n": 1}, "s": "abc", "i": 1}))
    for credit in range(reply_bytes + 1):
        peer = opened()
        peer.send("abc", 1, credit=credit)
        for _ in range(20):
            peer.link.step()
        assert len(peer.board.to_host) == credit
        # The next request's credit lets the rest pass.
        peer.send("abc", 1, credit=1000)
        peer.steps()
        answers = peer.replies()
        assert answers[0] == {"s": "abc", "i": 1, "ok": {"n": 1}}
        assert all(answer == answers[0] for answer in answers)
    assert len(peer.done) == 1


def test_credit_is_bounded():
    peer = opened()
    peer.send("abc", 1, credit=(1 << 30) - 1)
    peer.link.step()
    assert peer.link._credit <= CREDIT_MAX


def test_a_host_that_never_reads_stops_nothing():
    peer = opened()
    peer.board.host_room = 100
    for seq in range(1, 50):
        peer.send("abc", seq, "long", n=300)
        peer.link.step()
        peer.link.step()
    held = sum(len(line) for line in peer.link._out)
    assert held < 3000
    assert len(peer.board.to_host) == 100
    # It reads at last: what was cut is finished, and the next good request works.
    peer.board.host_room = None
    peer.send("abc", 50)
    peer.steps()
    assert peer.replies()[-1]["i"] == 50


def test_a_host_that_grants_nothing_and_asks_on_is_served_once_it_grants():
    peer = opened()
    for seq in range(1, 50):
        peer.send("abc", seq, "long", credit=0, n=300)
        peer.steps()
    assert peer.board.to_host == b""
    peer.send("abc", 60, credit=10_000)
    peer.steps()
    assert peer.replies()[-1] == {"s": "abc", "i": 60, "ok": {"n": len(peer.done)}}


def test_a_new_session_is_served_whatever_the_old_one_left_unread():
    peer = opened()
    for seq in range(1, 50):
        peer.send("abc", seq, "long", credit=0, n=300)
        peer.steps()
    peer.send("xyz", 0, "hello", credit=4000)
    peer.steps()
    assert peer.replies()[-1]["s"] == "xyz"


def test_a_port_that_takes_a_byte_at_a_time_gets_whole_lines():
    peer = opened()
    peer.send("abc", 1)
    for _ in range(100):
        peer.board.host_room = 1
        peer.link.step()
    assert peer.replies() == [{"s": "abc", "i": 1, "ok": {"n": 1}}]


class Counting:
    """A job that emits `lines` lines of data and then replies."""

    def __init__(self, lines):
        self.left = lines
        self.steps = 0

    def step(self, link):
        self.steps += 1
        while self.left:
            if not link.room():
                return None
            link.emit(wire.encode_data('{"i":%d,"n":%d' % (link.seq, self.left), bytes(300)))
            self.left -= 1
        return {"done": 1}


def test_a_job_runs_step_by_step_within_the_credit():
    peer = opened()
    peer.job = Counting(20)
    peer.send("abc", 1, "job", credit=2000)
    for _ in range(50):
        peer.link.step()
    assert len(peer.board.to_host) <= 2000
    assert peer.job.left > 0
    # A repeat only grants more credit; the job goes on where it was.
    for _ in range(20):
        peer.send("abc", 1, "job", credit=2000)
        for _ in range(5):
            peer.link.step()
    lines = peer.replies()
    data = [line for line in lines if "d" in line]
    assert [line["n"] for line in data] == list(range(20, 0, -1))
    assert lines[len(data)] == {"s": "abc", "i": 1, "ok": {"done": 1}}
    assert peer.done == [("job", {})]


def test_a_job_that_waits_for_credit_keeps_nobody_busy():
    peer = opened()
    peer.job = Counting(20)
    peer.send("abc", 1, "job", credit=2000)
    peer.steps()
    assert peer.job.left > 0
    assert not peer.link.busy
    peer.send("abc", 1, "job", credit=100_000)
    peer.steps()
    assert peer.job.left == 0


def test_a_finished_job_is_not_run_again_by_a_repeat():
    peer = opened()
    peer.job = Counting(3)
    first = peer.ask("abc", 1, "job")
    steps = peer.job.steps
    assert peer.ask("abc", 1, "job") == first[-1:]
    assert peer.job.steps == steps


def test_a_port_that_takes_a_piece_at_a_time_is_written_to_at_once_again():
    peer = opened()
    write = peer.board.link_write
    peer.board.link_write = lambda data: write(data[:64])
    peer.send("abc", 1, "long", n=400)
    steps = 0
    while len(peer.board.to_host) < 300:
        peer.link.step()
        steps += 1
        assert peer.link.busy and not peer.link.full
        assert steps < 20
    peer.board.link_write = lambda data: 0
    peer.link.step()
    assert peer.link.full and not peer.link.busy


class Waiting:
    """A job that can do nothing yet."""

    asks = False

    def step(self, link):
        link.wait()


def test_a_job_that_waits_is_no_work():
    peer = opened()
    peer.job = Waiting()
    peer.send("abc", 1, "job")
    peer.steps()
    used = peer.link.used
    for _ in range(10):
        peer.link.step()
        assert not (peer.link.worked or peer.link.busy or peer.link.full)
    assert peer.link.used == used


def test_a_new_request_ends_a_job():
    peer = opened()
    peer.job = Counting(1000)
    peer.send("abc", 1, "job", credit=1000)
    peer.link.step()
    left = peer.job.left
    assert peer.ask("abc", 2)[-1]["i"] == 2
    assert left - peer.job.left <= 2


def test_a_job_may_be_refused_in_the_end():
    class Failing:
        def step(self, link):
            raise refuse(errors.UPLOAD_MISMATCH, "sha256", "00")

    peer = opened()
    peer.job = Failing()
    first = peer.ask("abc", 1, "job")
    assert first[0]["no"]["code"] == errors.UPLOAD_MISMATCH
    assert peer.ask("abc", 1, "job") == first
    assert peer.ask("abc", 2)[0]["i"] == 2


def test_data_lines_reach_the_gun_and_have_no_reply():
    peer = opened()
    peer.board.to_gun.extend(wire.encode_data('{"s":"abc","o":0', b"first"))
    peer.board.to_gun.extend(wire.encode_data('{"s":"abc","o":5', b"second"))
    peer.steps()
    assert peer.taken == [(0, b"first"), (5, b"second")]
    assert peer.replies() == []


def test_a_data_line_may_be_written_in_any_order():
    peer = opened()
    peer.board.to_gun.extend(wire.encode({"d": "QUJD", "o": 4, "s": "abc"}))
    peer.steps()
    assert peer.taken == [(4, b"ABC")]


def test_garbage_in_a_data_line_does_nothing():
    peer = opened()
    for message in (
        {"s": "abc", "o": 0},
        {"s": "abc", "o": 0, "d": None},
        {"s": "abc", "o": 0, "d": 5},
        {"s": "abc", "o": 0, "d": "A"},
        {"s": "abc", "o": -1, "d": "AAAA"},
        {"s": "abc", "o": "0", "d": "AAAA"},
        {"s": "abc", "o": 1.0, "d": "AAAA"},
        {"s": "abc", "o": 1 << 40, "d": "AAAA"},
        {"s": "abc", "o": None, "d": "AAAA"},
        {"s": "xyz", "o": 0, "d": "AAAA"},
        {"o": 0, "d": "AAAA"},
    ):
        peer.board.to_gun.extend(wire.encode(message))
        peer.steps()
        assert peer.taken == [], message
    assert peer.ask("abc", 1)[0]["ok"]


def test_data_before_a_session_does_nothing():
    peer = Peer()
    peer.board.to_gun.extend(wire.encode({"o": 0, "d": "AAAA"}))
    peer.board.to_gun.extend(wire.encode({"s": None, "o": 0, "d": "AAAA"}))
    peer.steps()
    assert peer.taken == []


def test_what_a_host_wrote_never_makes_a_reply_too_long():
    peer = Peer()
    for session in ("中" * 16, "😀" * 8, '"' * 16, "\x00" * 16):
        answer = peer.ask(session, 3)
        assert answer[0]["i"] == 3
        assert answer[0]["no"]["code"] == errors.OLD_SESSION


def test_a_reply_that_fits_no_line_is_a_refusal_and_no_crash():
    peer = opened()
    answer = peer.ask("abc", 1, "long", n=600)
    assert answer[0]["i"] == 1
    assert answer[0]["no"]["code"] == errors.LINE_TOO_LONG
    assert peer.ask("abc", 2)[0]["ok"]


def test_files_that_fail_are_a_refusal_and_no_crash():
    class Broken:
        def step(self, link):
            raise OSError(5)

    peer = opened()
    peer.job = Broken()
    first = peer.ask("abc", 1, "job")
    assert first[0]["no"]["code"] == errors.STORE_FAILED
    assert peer.ask("abc", 1, "job") == first
    assert peer.ask("abc", 2)[0]["ok"]


def test_any_byte_soup_is_survived():
    peer = opened()
    soup = bytes(numbers(11, 6000, 0, 255))
    good = wire.encode({"s": "abc", "i": 1, "c": 1000, "r": "count", "a": {}})
    for at in range(0, len(soup), 300):
        piece = soup[at : at + 300]
        peer.board.to_gun.extend(piece + good[: at % len(good)] + b"\n")
        peer.steps()
    assert peer.done == []
    assert peer.ask("abc", 1)[-1] == {"s": "abc", "i": 1, "ok": {"n": 1}}


class Endless:
    """A job that never ends."""

    def __init__(self):
        self.steps = 0

    def step(self, link):
        self.steps += 1


def test_a_job_that_is_dropped_is_not_carried_on():
    job = Endless()
    board = MemoryBoard()
    link = Link(board, lambda name, arguments: job, lambda offset, data: None)
    hello = {"s": "abc", "i": 0, "c": 1000, "r": "hello", "a": {}}
    board.to_gun.extend(wire.encode(hello))
    for _ in range(5):
        link.step()
    assert job.steps == 2
    link.drop()
    link.step()
    assert job.steps == 2
    assert not link.busy

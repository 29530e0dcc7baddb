"""A host at the other end of the bench gun's link: asks, waits in the gun's time, reads."""

import binascii
import hashlib

from mesofw.core import wire
from mesofw.core.records import RECORD_BYTES


class Host:
    """Requests in one session. `ask` gives what was granted; `refused` the code of a refusal."""

    def __init__(self, bench, session="host", credit=20_000):
        self.bench = bench
        self.session = session
        self.credit = credit
        self.seq = -1
        self.data = []
        self.sha256 = "00" * 32  # of the upload begun last

    def send(self, name, **arguments):
        """A request's line goes out; its number."""
        self.seq += 1
        self.repeat(name, **arguments)

    def repeat(self, name, **arguments):
        """The same line once more. A commit names the upload begun last, if it names none."""
        if name == "commit" and not arguments:
            arguments = {"sha256": self.sha256}
        message = {"s": self.session, "i": self.seq, "c": self.credit, "r": name, "a": arguments}
        self.bench.receive(wire.encode(message))

    def answer(self, limit_us=2_000_000):
        """The reply to the last request: {"ok": …} or {"no": …}; None where none comes in time."""
        bench = self.bench
        until_us = bench.now_us + limit_us
        while True:
            while b"\n" in bench.to_host:
                cut = bench.to_host.find(b"\n")
                message = wire.decode(bench.to_host[:cut])
                bench.to_host = bench.to_host[cut + 1 :]
                if "d" in message:
                    self.data.append((message["n"], binascii.a2b_base64(message["d"])))
                elif message["s"] == self.session and message["i"] == self.seq:
                    return message
            if not bench.step(until_us):
                return None

    def ask(self, name, **arguments):
        self.send(name, **arguments)
        message = self.answer()
        assert message is not None, name
        assert "ok" in message, message
        return message["ok"]

    def refused(self, name, **arguments):
        self.send(name, **arguments)
        message = self.answer()
        assert message is not None, name
        assert "no" in message, message
        return message["no"]["code"]

    def hello(self):
        return self.ask("hello", protocol=wire.PROTOCOL)

    def chunks(self, text, size=300):
        """Send a text as lines of data."""
        for at in range(0, len(text), size):
            head = '{"s":"%s","o":%d' % (self.session, at)
            self.bench.receive(wire.encode_data(head, text[at : at + size]))
            self.bench.run(1_000)

    def begin(self, text):
        self.sha256 = binascii.hexlify(hashlib.sha256(text).digest()).decode()
        return self.ask("begin", sha256=self.sha256, length=len(text))["missing"]

    def load(self, text):
        """A whole upload; the reply to the commit."""
        self.begin(text)
        self.chunks(text)
        return self.ask("commit")

    def pull(self, first, count):
        """(records, reply) of a pull."""
        self.data = []
        reply = self.ask("pull", first=first, count=count)
        rows = []
        for number, data in self.data:
            assert number == first + len(rows)
            for at in range(0, len(data), RECORD_BYTES):
                rows.append(data[at : at + RECORD_BYTES])
        return rows, reply

"""What a request begins and the gun carries on with, step by step, until it gives the reply."""

import binascii

from mesofw.core import records, wire

LINE_RECORDS = 3
# What the screen's texts may take of a reply's line, in whatever alphabet.
SCREEN_BYTES = 100


class Screen:
    """A job that gives what the screen says: its texts and their words take a step each."""

    asks = False

    def __init__(self, gun):
        self._gun = gun
        self._texts = None

    def step(self, link):
        """The texts, then the reply."""
        if self._texts is None:
            self._texts = self._gun.panel.texts()
            return None
        return {"screen": wire.cut("|".join(self._texts), SCREEN_BYTES)}


class Commit:
    """A job that checks an upload piece by piece and then says `done` with the checked program.

    `allowed()` raises Refused where the gun has left idle meanwhile: what the operator has
    confirmed must stay in force.
    """

    asks = False

    def __init__(self, upload, allowed, done):
        self._upload = upload
        self._allowed = allowed
        self._done = done

    def step(self, link):
        """One piece; the reply at the end. Raises Refused."""
        self._allowed()
        scanned = self._upload.step()
        return self._done(scanned) if scanned else None


class Pull:
    """A job that streams records as lines `{"n":number,"d":base64}`, LINE_RECORDS a line.

    Its reply says where it ended (`next`) and the chain link after the last record (`head`).
    Records in files are read at rest only.
    """

    asks = False

    def __init__(self, gun, first: int, count: int):
        self._gun = gun
        self._journal = gun.journal
        self._next = first
        self._end = first + count
        self._buffer = bytearray(LINE_RECORDS * records.RECORD_BYTES)

    def step(self, link):
        """Emit what there is room for; the reply at the end."""
        view = memoryview(self._buffer)
        while self._next < self._end:
            if not link.room():
                return None
            if self._next <= self._gun.store.last and self._gun.moving():
                link.wait()
                return None
            if self._next > self._gun.store.last and not self._journal.linked(self._next - 1):
                return None
            wanted = min(LINE_RECORDS, self._end - self._next)
            got = self._journal.read(self._next, view[: wanted * records.RECORD_BYTES])
            if not got:
                break
            head = '{"n":%d' % self._next
            link.emit(wire.encode_data(head, view[: got * records.RECORD_BYTES]))
            self._next += got
        journal = self._journal
        if not journal.linked(journal.last):
            return None
        return {
            "next": self._next,
            "last": journal.last,
            "head": binascii.hexlify(journal.head).decode(),
        }

"""Records out of the gun against `mpremote` reading a file of the same bytes, bytes/s."""

from mesohost.gun import Gun
from mesohost.records import RECORD_BYTES
from tests.bench.heap import used_gun
from tests.bench.ours import served
from tests.bench.peer import FLASH, prompt
from tests.bench.place import Place
from tests.bench.rows import HIGHER, Row
from tests.bench.turns import turns

RECORDS = 10_000
_PEER = "mpremote fs_readfile"
_FILE = FLASH + "/records"
_ROUNDS = 2


def pull_ratio(place: Place) -> list[Row]:
    """The log of 10,000 shots, 96 bytes a record, then both in kB/s."""
    used = place.once(used_gun)
    with served(used.folder) as gun, prompt(place.fresh()) as transport:
        data = b"".join(gun.pull(1, RECORDS))
        transport.fs_writefile(_FILE, data)

        def read() -> None:
            if transport.fs_readfile(_FILE) != data:
                raise RuntimeError("the peer read other bytes than it wrote")

        ours_s, theirs_s = turns([lambda: _pull(gun, data), read], _ROUNDS)
    kb = len(data) / 1000
    note = f"{len(data):,} bytes, median of {_ROUNDS} rounds in turns"
    detail = Row("pull_kb_s", kb / ours_s, "kB/s", HIGHER, None, _PEER, kb / theirs_s, note)
    note = f"{RECORDS:,} records"
    return [Row("pull_ratio", theirs_s / ours_s, "×", HIGHER, 3, _PEER, 1.0, note), detail]


def _pull(gun: Gun, data: bytes) -> None:
    raws = list(gun.pull(1, RECORDS))
    if len(raws) * RECORD_BYTES != len(data):
        raise RuntimeError(f"{len(raws)} records of {RECORDS}")

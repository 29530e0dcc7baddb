"""The CRC-32 of records without a number above 2³⁰, which would take memory in each shot: compiled
down to the processor (some 0.1 ms a record)."""

# Types and pointers of the viper emitter are known to no checker.
# ruff: noqa: F821
# pyright: reportUndefinedVariable=false, reportAttributeAccessIssue=false
# pyright: reportOperatorIssue=false

from array import array

import micropython

_POLYNOMIAL = 0xEDB88320  # IEEE 802.3, lowest bit first


def _table():
    # By four bits.
    table = array("I", bytes(4 * 16))
    for index in range(16):
        rest = index
        for _ in range(4):
            rest = rest >> 1 ^ _POLYNOMIAL if rest & 1 else rest >> 1
        table[index] = rest
    return table


_TABLE = _table()


@micropython.viper
def write_crc(buffer, begin: int, end: int, seed_at: int):
    """As `core.records.write_crc`, with all arguments."""
    data = ptr8(buffer)
    table = ptr32(_TABLE)
    ones = uint(0xFFFF) << 16 | uint(0xFFFF)
    crc = ones
    if seed_at >= 0:
        low = data[seed_at] | data[seed_at + 1] << 8
        crc ^= uint(low | data[seed_at + 2] << 16 | data[seed_at + 3] << 24)
    for at in range(begin, end):
        crc ^= uint(data[at])
        crc = uint(table[crc & 15]) ^ crc >> 4
        crc = uint(table[crc & 15]) ^ crc >> 4
    crc ^= ones
    for place in range(4):
        data[end + place] = int(crc) & 0xFF
        crc >>= 8

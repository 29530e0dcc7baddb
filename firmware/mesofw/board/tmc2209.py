"""The TMC2209's datagrams, registers and figures.

(TMC2209 data sheet, rev. 1.09: 4 UART, 5 registers, 9 sense resistors; as remembered, to be checked
against it.)

A write is 8 bytes, a request to read 4, its reply 8; each ends with a CRC. Values are tuples of two
half-words, the higher first, so that none is above 2³⁰.
"""

SYNC = 0x05
TO_MASTER = 0xFF
WRITE = 0x80
WRITE_BYTES = 8
ASK_BYTES = 4
REPLY_BYTES = 8

GCONF = 0x00
GSTAT = 0x01
IFCNT = 0x02
SLAVECONF = 0x03
IHOLD_IRUN = 0x10
TPOWERDOWN = 0x11
TPWMTHRS = 0x13
TCOOLTHRS = 0x14
SG_RESULT = 0x41
CHOPCONF = 0x6C
DRV_STATUS = 0x6F

# GSTAT, lowest byte: what happened since it was last cleared.
STAT_RESET = 1 << 0
# DRV_STATUS, lowest two bytes: too hot, shorts, and the temperatures passed.
STATUS_HOT = 0x03
STATUS_SHORT = 0x3C
_PASSED_DC = (1_200, 1_430, 1_500, 1_570)

# Microsteps from MRES, by UART alone; SpreadCycle above TPWMTHRS, StealthChop below.
_GCONF = 1 << 8 | 1 << 7 | 1 << 6
# Each driver waits 24 bit times before it replies: two of them share the wire.
_SLAVECONF = 2 << 8
_CHOPCONF_HIGH = 1 << 12 | 1 << 1  # interpolation to 256, the lower range of the sense voltage
_CHOPCONF_LOW = 0x0053  # TOFF 3, HSTRT 5, HEND 0: the chip's own defaults
_HOLD_DELAY = 8
# Standstill to hold current: 2¹⁸ cycles of its clock a unit; 20 is about 0.4 s.
_TPOWERDOWN = 20
# StealthChop, which StallGuard needs, up to 150 rpm: 12 MHz / (2.5 turns/s × 51,200) (estimate).
_TPWMTHRS = 94
_SLOWEST = (0x000F, 0xFFFF)

# Full scale 180 mV in the lower range, over the sense resistor and 20 mΩ inside.
_RANGE_MV = 180
SENSE_MOHM = 110  # estimate: as usual on modules
_INSIDE_MOHM = 20


def crc8(data, count: int) -> int:
    """The CRC over the first `count` bytes: polynomial x⁸ + x² + x + 1, each byte's lowest bit
    first."""
    crc = 0
    for place in range(count):
        byte = data[place]
        for _ in range(8):
            crc = (crc << 1 ^ 0x07 if (crc >> 7 ^ byte) & 1 else crc << 1) & 0xFF
            byte >>= 1
    return crc


def ask(address: int, register: int) -> bytes:
    """The request to read a register."""
    data = bytes((SYNC, address, register))
    return data + bytes((crc8(data, 3),))


def write(address: int, register: int, value: tuple) -> bytes:
    """The datagram that writes (high, low) half-words to a register."""
    high, low = value
    data = bytes((SYNC, address, register | WRITE, high >> 8, high & 0xFF, low >> 8, low & 0xFF))
    return data + bytes((crc8(data, 7),))


def answers(data, register: int) -> bool:
    """Whether 8 bytes are a sound reply with this register's value, in bytes 3 to 6."""
    return (
        data[0] == SYNC
        and data[1] == TO_MASTER
        and data[2] == register
        and data[7] == crc8(data, 7)
    )


def scale(current_ma: int) -> int:
    """The current scale (0 to 31) that gives at most `current_ma` (rms):
    I = (scale + 1) / 32 × 180 mV / (R + 20 mΩ) / √2."""
    steps = current_ma * 32 * (SENSE_MOHM + _INSIDE_MOHM) * 1_414 // (_RANGE_MV * 1_000_000)
    return min(31, max(0, steps - 1))


def settings(address: int, run_ma: int, hold_ma: int, microsteps: int) -> list:
    """The datagrams that set a driver up. The last forgets that it was reset, so whoever finds
    that flag again knows that the settings are gone."""
    mres = 8
    while microsteps > 1:
        microsteps >>= 1
        mres -= 1
    rows = (
        (SLAVECONF, (0, _SLAVECONF)),
        (GCONF, (0, _GCONF)),
        (CHOPCONF, (_CHOPCONF_HIGH | mres << 8, _CHOPCONF_LOW)),
        (IHOLD_IRUN, (_HOLD_DELAY, scale(run_ma) << 8 | scale(hold_ma))),
        (TPOWERDOWN, (0, _TPOWERDOWN)),
        (TPWMTHRS, (0, _TPWMTHRS)),
        (TCOOLTHRS, _SLOWEST),
        (GSTAT, (0, 0x0007)),
    )
    return [write(address, register, value) for register, value in rows]


def hot_dc(status_low: int) -> int:
    """The temperature in tenths of a °C that DRV_STATUS says has been passed, from its lower
    half-word; 0 below 120 °C."""
    hottest = _PASSED_DC[0] if status_low & STATUS_HOT else 0
    for place in range(len(_PASSED_DC)):
        if status_low & 1 << 8 + place:
            hottest = _PASSED_DC[place]
    return hottest

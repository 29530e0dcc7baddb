"""Force, supply and temperature from the RP2040's ADC, in integers below 2³⁰.

Each reading is a sum over a few conversions of 12 bits, at a reference of 3.3 V. The figures are
nominal: an engineer's bench measures what they are on a gun.
"""

_REFERENCE_MV = 3_300
_FULL = 4_095

# Force: FX29, 0.5 V to 4.5 V for 0 to 50 N (TE Connectivity FX29 product text), brought down to two
# thirds by a divider (estimate: 10 kΩ over 20 kΩ).
_FORCE_READINGS = 8
_FORCE_RANGE_MN = 50_000
_FORCE_ZERO = 500 * 2 * _FORCE_READINGS * _FULL // (3 * _REFERENCE_MV)
_FORCE_SPAN = 4_000 * 2 * _FORCE_READINGS * _FULL // (3 * _REFERENCE_MV)
_UN_PER_COUNT = _FORCE_RANGE_MN * 1_000 // _FORCE_SPAN
# Below half of the zero's voltage there is no cell: its wire is broken.
_FORCE_BROKEN = _FORCE_ZERO // 2
# What a broken cell reads: beyond every limit, so that nothing is pushed.
FORCE_BROKEN_MN = 99_999

# Supply: divided by 11 (hardware/gun.toml).
_SUPPLY_READINGS = 4
_SUPPLY_DIVIDED_BY = 11

# Temperature: NTC of 10 kΩ at 25 °C, B 3977 K (Vishay NTCLE100E3103), to ground, below 10 kΩ.
# Readings at every 10 °C from -20 °C on, falling: 4095 R / (R + 10 kΩ), R by the B equation.
_NTC = (3745, 3501, 3162, 2742, 2279, 1823, 1415, 1076, 809, 607, 456, 345, 263)
_NTC_FIRST_DC = -200
_NTC_STEP_DC = 100
_TEMPERATURE_READINGS = 4
# What a broken or shorted sensor reads: too hot for everything.
TEMPERATURE_BROKEN_DC = 2_000


def force_mn(total: int) -> int:
    """The plunger's force in mN from the sum of its readings; FORCE_BROKEN_MN without a cell."""
    if total < _FORCE_BROKEN:
        return FORCE_BROKEN_MN
    return max(0, (total - _FORCE_ZERO) * _UN_PER_COUNT // 1_000)


def supply_mv(total: int) -> int:
    """The supply in mV from the sum of its readings."""
    return total * (_REFERENCE_MV * _SUPPLY_DIVIDED_BY) // (_FULL * _SUPPLY_READINGS)


def temperature_dc(total: int) -> int:
    """The temperature in tenths of a °C from the sum of its readings, straight between the points
    of the table; TEMPERATURE_BROKEN_DC outside it."""
    reading = total // _TEMPERATURE_READINGS
    if not _NTC[-1] <= reading <= _NTC[0]:
        return TEMPERATURE_BROKEN_DC
    place = 1
    while reading < _NTC[place]:
        place += 1
    over = (reading - _NTC[place]) * _NTC_STEP_DC // (_NTC[place - 1] - _NTC[place])
    return _NTC_FIRST_DC + place * _NTC_STEP_DC - over


class Analog:
    """The three channels (`machine.ADC`)."""

    def __init__(self, force, supply, temperature):
        self._force = force
        self._supply = supply
        self._temperature = temperature

    def force_mn(self) -> int:
        """The plunger's force now (about 50 µs: estimate)."""
        return force_mn(_sum(self._force, _FORCE_READINGS))

    def supply_mv(self) -> int:
        """The supply now."""
        return supply_mv(_sum(self._supply, _SUPPLY_READINGS))

    def temperature_dc(self) -> int:
        """The board's temperature now."""
        return temperature_dc(_sum(self._temperature, _TEMPERATURE_READINGS))


def _sum(channel, readings: int) -> int:
    total = 0
    for _ in range(readings):
        total += channel.read_u16() >> 4
    return total

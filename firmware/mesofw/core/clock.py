"""Time as an argument: wrapped microseconds in, milliseconds since boot out."""

WRAP_US = 1 << 30
_MASK_US = WRAP_US - 1
_HALF_US = WRAP_US >> 1


def add_us(at_us: int, delta_us: int) -> int:
    """The wrapped time `delta_us` after `at_us`; `|delta_us|` < 2**29."""
    return (at_us + delta_us) & _MASK_US


def since_us(later_us: int, earlier_us: int) -> int:
    """Signed distance between two wrapped times, in -2**29 … 2**29 - 1."""
    return ((later_us - earlier_us + _HALF_US) & _MASK_US) - _HALF_US


class Clock:
    """Milliseconds since boot from a microsecond counter that wraps (17.9 min).

    `tick` must be called at least once in half a wrap; the remainder below a millisecond is kept.
    `epoch_s` is the host's word for the Unix time at boot, 0 while it is not known, and
    `quality_ms` how far that may be off.
    """

    def __init__(self, now_us: int):
        self.now_us = now_us
        self.at_ms = 0
        self._rest_us = 0
        self.epoch_s = 0
        self.quality_ms = 0

    def tick(self, now_us: int) -> int:
        """Take the new time; returns `at_ms`. A time before the last one counts as no time
        passed."""
        passed_us = ((now_us - self.now_us + _HALF_US) & _MASK_US) - _HALF_US
        if passed_us > 0:
            self.now_us = now_us
            rest_us = self._rest_us + passed_us
            self.at_ms += rest_us // 1000
            self._rest_us = rest_us % 1000
        return self.at_ms

    def stamp_ms(self) -> int:
        """`at_ms` as records hold it: 32 bits, which wrap after 49.7 days."""
        # The mask takes memory: only what needs it meets it.
        return self.at_ms if self.at_ms < 1 << 30 else self.at_ms & 0xFFFFFFFF

    def set_epoch(self, unix_s: int, quality_ms: int) -> None:
        """The host says that it is `unix_s` now, good to `quality_ms`."""
        self.epoch_s = unix_s - self.at_ms // 1000
        self.quality_ms = quality_ms

    def unix_s(self) -> int:
        """Seconds since 1970, or 0 where no host has set the clock."""
        return self.epoch_s + self.at_ms // 1000 if self.epoch_s else 0

    def today_ymd(self) -> int:
        """The date in UTC as yyyymmdd, or 0 where the clock is not set."""
        return ymd(self.unix_s() // 86400) if self.epoch_s else 0


def ymd(days: int) -> int:
    """The proleptic Gregorian date, as yyyymmdd, of the day `days` (>= 0) after 1970-01-01."""
    # Years are counted from March, so that the leap day is a year's last.
    days += 719468
    era = days // 146097
    day_of_era = days % 146097
    year_of_era = (
        day_of_era - day_of_era // 1460 + day_of_era // 36524 - day_of_era // 146096
    ) // 365
    day_of_year = day_of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    month_from_march = (5 * day_of_year + 2) // 153
    day = day_of_year - (153 * month_from_march + 2) // 5 + 1
    month = month_from_march + 3 if month_from_march < 10 else month_from_march - 9
    year = year_of_era + era * 400 + (1 if month <= 2 else 0)
    return (year * 100 + month) * 100 + day

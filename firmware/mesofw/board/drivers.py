"""Both motor drivers: set up, and looked after one exchange at a time.

A driver counts the writes that it took (IFCNT): its settings stand when it has counted them all. It
is set up anew when it says that it was reset (its supply came back) or has counted otherwise than
told. One that does not answer several times is silent: unplugged, or without motor supply.
"""

from mesofw.board import tmc2209
from mesofw.core import clock

# Rated currents of carriage and plunger, and the share of them at standstill (hardware/gun.toml).
RATED_MA = (800, 600)
HOLD_PERCENT = 30
MICROSTEPS = (8, 16)

# An exchange takes 80 bits out, or 40 out, 24 of silence and 80 back; with the rest that a driver
# needs to find the next beginning (63 bit times after an error), and with the time that the loop
# takes from its look at the clock until the first bit is out (up to 2 ms on the emulated chip).
EXCHANGE_US = 4_000
LOOK_US = 20_000
SILENT_AFTER = 4

_COUNT_BEFORE, _WRITE, _COUNT_AFTER, _LOOK = range(4)
_LOOKED_AT = (tmc2209.DRV_STATUS, tmc2209.GSTAT, tmc2209.IFCNT, tmc2209.SG_RESULT)


class Driver:
    """What is known of one driver. `stall` is StallGuard's lowest figure since it was taken, -1 for
    none: evidence, no more."""

    def __init__(self, axis: int):
        run_ma = RATED_MA[axis]
        self.settings = tmc2209.settings(
            axis, run_ma, run_ma * HOLD_PERCENT // 100, MICROSTEPS[axis]
        )
        self.asks = {}
        for register in _LOOKED_AT:
            self.asks[register] = tmc2209.ask(axis, register)
        self.doing = _COUNT_BEFORE
        self.place = 0
        self.writes = 0  # IFCNT as it must be
        self.failed = 0  # exchanges in a row
        self.ready = False
        self.silent = False
        self.shorted = False
        self.hot_dc = 0
        self.stall = -1

    def renew(self) -> None:
        """Set up from the beginning."""
        self.ready = False
        self.doing = _COUNT_BEFORE
        self.place = 0


class Drivers:
    """`step` goes on with whatever is due; it takes some 200 µs at most (estimate) and never
    waits."""

    def __init__(self, wire, now_us: int):
        self._wire = wire
        self.drivers = (Driver(0), Driver(1))
        self._turn = 0
        self._asked = 0
        self._busy = False
        self._reply = bytearray(tmc2209.REPLY_BYTES)
        self._since_us = now_us
        self._wait_us = 0

    def known(self) -> bool:
        """Whether each driver is set up, or silent."""
        return all(driver.ready or driver.silent for driver in self.drivers)

    def bad(self) -> bool:
        """Whether a driver is silent, or reports a short circuit."""
        first, second = self.drivers
        return first.silent or first.shorted or second.silent or second.shorted

    def hot_dc(self) -> int:
        """The highest temperature that a driver says has been passed; 0 below 120 °C."""
        return max(self.drivers[0].hot_dc, self.drivers[1].hot_dc)

    def stall(self, axis: int) -> int:
        """The lowest of StallGuard's figures since they were taken last, -1 for none; takes
        them."""
        driver = self.drivers[axis]
        stall, driver.stall = driver.stall, -1
        return stall

    def step(self, now_us: int) -> None:
        """End the exchange under way when its time is over, or begin the next one."""
        if clock.since_us(now_us, self._since_us) < self._wait_us:
            return
        self._since_us = now_us
        driver = self.drivers[self._turn]
        if self._busy:
            self._busy = False
            self._end(driver)
            if driver.doing == _LOOK or driver.failed:
                # The other one's turn, after a while where both are only looked at.
                self._turn = 1 - self._turn
                resting = self.drivers[self._turn]
                self._wait_us = LOOK_US if resting.doing == _LOOK or resting.failed else 0
            return
        self._busy = True
        self._wait_us = EXCHANGE_US
        if driver.doing == _WRITE:
            self._wire.send(driver.settings[driver.place], 0)
        else:
            looking = driver.doing == _LOOK
            self._asked = _LOOKED_AT[driver.place] if looking else tmc2209.IFCNT
            self._wire.send(driver.asks[self._asked], tmc2209.REPLY_BYTES)

    def _end(self, driver: Driver) -> None:
        self._wait_us = 0
        if driver.doing == _WRITE:
            driver.place += 1
            if driver.place == len(driver.settings):
                driver.doing = _COUNT_AFTER
            return
        reply = self._reply
        count = self._wire.take(reply)
        if count < tmc2209.REPLY_BYTES or not tmc2209.answers(reply, self._asked):
            self._failed(driver)
            return
        driver.failed = 0
        if driver.doing == _COUNT_BEFORE:
            driver.writes = reply[6] + len(driver.settings) & 0xFF
            driver.doing = _WRITE
            driver.place = 0
        elif driver.doing == _COUNT_AFTER:
            self._counted(driver, reply[6])
        else:
            self._looked(driver, reply)

    def _counted(self, driver: Driver, writes: int) -> None:
        if writes != driver.writes:
            self._failed(driver)
            return
        driver.ready = True
        driver.silent = False
        driver.doing = _LOOK
        driver.place = 0

    def _looked(self, driver: Driver, reply) -> None:
        low = reply[5] << 8 | reply[6]
        if self._asked == tmc2209.DRV_STATUS:
            driver.hot_dc = tmc2209.hot_dc(low)
            driver.shorted = bool(low & tmc2209.STATUS_SHORT)
        elif self._asked == tmc2209.SG_RESULT:
            driver.stall = low if driver.stall < 0 else min(driver.stall, low)
        elif self._asked == tmc2209.IFCNT:
            if reply[6] != driver.writes:
                driver.renew()
                return
        elif low & tmc2209.STAT_RESET:
            driver.renew()
            return
        driver.place = (driver.place + 1) % len(_LOOKED_AT)

    def _failed(self, driver: Driver) -> None:
        """A reply was missing or damaged. What was being looked at is asked again."""
        driver.failed = min(driver.failed + 1, SILENT_AFTER)
        if driver.failed == SILENT_AFTER:
            driver.silent = True
            driver.hot_dc = 0
            driver.shorted = False
        if driver.silent or driver.doing != _LOOK:
            driver.renew()

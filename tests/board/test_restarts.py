"""What one start leaves for the next: for service, and the watchdog proven at power-on."""

from mesofw.board import restarts
from mesohost.flashing.board import Board


class Starved(Exception):
    """The watchdog has reset the board."""


class Machine:
    """`machine`, as far as a start needs it. `acts`: its watchdog does."""

    PWRON_RESET, WDT_RESET = 1, 3

    def __init__(self, cause: int = PWRON_RESET, acts: bool = True):
        self.mem32 = {restarts.NOTE: 0}
        self._cause = cause
        self._acts = acts
        self._bites_ms = 0

    def reset_cause(self) -> int:
        return self._cause

    def WDT(self, timeout: int) -> None:
        self._bites_ms = timeout if self._acts else 0

    def sleep_ms(self, lasts_ms: int) -> None:
        if 0 < self._bites_ms < lasts_ms:
            raise Starved


def acts(machine: Machine) -> bool | None:
    """What is told; None where the board was reset."""
    try:
        return restarts.watchdog_acts(machine, machine.sleep_ms)
    except Starved:
        return None


def test_at_power_on_the_watchdog_is_starved_and_the_next_start_finds_it_proven():
    assert acts(Machine()) is None
    assert acts(Machine(Machine.WDT_RESET)) is True


def test_a_dead_watchdog_is_told():
    assert acts(Machine(acts=False)) is False


def test_service_is_left_with_the_next_start():
    machine = Machine()
    assert not restarts.wanted_for_service(machine)
    machine.mem32[restarts.NOTE] = restarts.FOR_SERVICE
    assert restarts.wanted_for_service(machine)
    assert not restarts.wanted_for_service(machine)


def test_a_board_that_was_flashed_is_told_not_to_stay_in_service():
    """By the host, which knows nothing of the board's modules."""
    assert f"mem32[{restarts.NOTE:#x}] = 0" in Board.RESET

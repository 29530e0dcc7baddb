"""The gun's one task: it alone talks to the gun, and finds it again after it was lost."""

import threading
from collections.abc import Callable

import pytest

from mesohost.answers import Shown
from mesohost.console.service import IDLE_AGAIN_S, GunService, NotLinked
from mesohost.gun import Gun
from mesohost.troubles import GunRefused, PortTrouble
from mesosim.hands import Hands
from mesosim.port import WorldPort
from mesosim.world import World

LONG_S = 30.0


class Served:
    """A service over a virtual gun in this process; its cable can be pulled."""

    def __init__(self) -> None:
        self.world = World()
        Hands(self.world).until("idle")
        self.plugged = True
        self.idled: list[str] = []
        self.brought = True
        self.now_s = 0.0
        self.ports: list[Cable] = []
        self.service = GunService(self._open, self._idled, lambda: self.now_s)

    def _open(self) -> Gun:
        if not self.plugged:
            raise PortTrouble("no gun is plugged in", ["plug it in"])
        self.ports.append(Cable(self))
        return Gun(self.ports[-1])

    def _idled(self, gun: Gun) -> bool:
        self.idled.append(gun.hello().board)
        return self.brought

    def until(self, holds: Callable[[], bool]) -> None:
        """Wait for something that the service's thread does."""
        done = threading.Event()

        def look() -> None:
            if holds():
                done.set()

        while not done.is_set():
            self.service.submit(lambda _gun: None).exception(LONG_S)
            look()


class Cable(WorldPort):
    """A port that is lost where its cable is pulled."""

    def __init__(self, served: Served):
        super().__init__(served.world)
        self._served = served
        self.closed = False

    def read(self, timeout_s: float) -> bytes:
        if not self._served.plugged:
            raise PortTrouble("the connection is lost")
        return super().read(timeout_s)

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def served():
    one = Served()
    one.service.start()
    yield one
    one.service.stop()


def test_it_knows_what_the_gun_does(served):
    served.until(lambda: served.service.live.linked)
    live = served.service.live
    assert isinstance(live.status, Shown)
    assert live.status.state == "idle"
    assert live.program is None
    assert served.idled == [live.hello.board]


def test_a_job_is_done_with_the_gun(served):
    served.until(lambda: served.service.live.linked)
    assert served.service.submit(lambda gun: gun.status().state).result(LONG_S) == "idle"


def test_what_a_job_is_refused_its_caller_hears_and_nobody_else(served):
    served.until(lambda: served.service.live.linked)
    with pytest.raises(GunRefused):
        served.service.submit(lambda gun: gun.load(b"no program")).result(LONG_S)
    assert served.service.live.linked
    assert len(served.ports) == 1


def test_a_log_that_could_not_be_brought_is_tried_again():
    served = Served()
    served.brought = False
    served.service.start()
    served.until(lambda: len(served.idled) == 1)
    served.now_s += IDLE_AGAIN_S
    served.until(lambda: len(served.idled) == 2)
    served.brought = True
    served.now_s += IDLE_AGAIN_S
    served.until(lambda: len(served.idled) == 3)
    served.now_s += 100 * IDLE_AGAIN_S
    looked_s = served.service.live.asked_s
    served.until(lambda: served.service.live.asked_s > looked_s)
    assert len(served.idled) == 3
    served.service.stop()


def test_a_pulled_cable_is_told_and_the_gun_is_found_again(served):
    served.until(lambda: served.service.live.linked)
    served.plugged = False
    served.until(lambda: not served.service.live.linked)
    live = served.service.live
    assert live.lost
    assert live.status is not None, "what was known last stays"
    assert served.ports[0].closed
    with pytest.raises(NotLinked):
        served.service.submit(lambda gun: gun.hello()).result(LONG_S)
    served.plugged = True
    served.until(lambda: served.service.live.linked)
    assert len(served.ports) == 2


def test_a_gun_that_is_not_there_at_first_is_waited_for():
    served = Served()
    served.plugged = False
    served.service.start()
    served.until(lambda: served.service.live.lost != "…")
    served.plugged = True
    served.until(lambda: served.service.live.linked)
    served.service.stop()
    served.service.stop()
    assert served.ports[-1].closed

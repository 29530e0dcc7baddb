"""A careful operator who carries out a whole session as its program says."""

from collections.abc import Callable
from typing import Any

from mesofw.core import parts, states
from mesofw.core.modes import MODE
from mesofw.core.program import TRAINING
from mesosim.hands import WATER_UPA_S, Hands, HandsFailed
from mesosim.world import World

RELEASE_US = 60_000
NEXT_POINT_US = 200_000
# The plunger is home from anywhere, and be it in play.
PLUNGER_HOME_US = 4_000_000
# So often an operator goes on without a shot in between.
PAUSES_MAX = 10


class Operator:
    """Works through `head` and `zones` (checked sections of a program) with both hands.

    `progress(shots)` is called now and then.
    """

    def __init__(
        self,
        world: World,
        head: dict[str, Any],
        zones: list[dict[str, Any]],
        progress: Callable[[int], None] | None = None,
    ):
        self.world = world
        self.hands = Hands(world)
        self._head = head
        self._zones = zones
        self._progress = progress or _silent
        self._pauses = 0
        self._paused_at = -1

    def session(self) -> None:
        """From idle with a loaded program to idle again. Raises HandsFailed."""
        self.hands.confirm()
        self.carry_on()

    def carry_on(self) -> None:
        """Do what the gun asks for until the session ends. Raises HandsFailed."""
        while True:
            state = states.STATES[self.world.state]
            if state == "idle":
                return
            act = self._acts().get(state)
            if act is None:
                raise HandsFailed("the session stopped; " + self.hands.what_it_shows())
            act()

    def _acts(self) -> dict[str, Callable[[], None]]:
        return {
            "loading": self._fit,
            "ready": self._shoot,
            "paused": self._go_on,
        }

    def _fit(self) -> None:
        head = self._head
        if head.get("purpose") == TRAINING:
            self._fit_for_training()
            return
        self.hands.fit(head["syringe"], head["needle"], head["length_um"], **fluid_and_pins(head))

    def _fit_for_training(self) -> None:
        """The same, but no drop will show: one stroke, and what the screen then asks for."""
        hands, head = self.hands, self._head
        hands.wait(PLUNGER_HOME_US)
        hands.unseat()
        fill_nl = parts.SYRINGES[head["syringe"]].volume_nl
        hands.seat(
            head["syringe"], fill_nl, head["needle"], head["length_um"], **fluid_and_pins(head)
        )
        hands.click()
        hands.until("priming")
        hands.hold("trigger", RELEASE_US)
        plant = self.world.plant
        if not self.world.run_while(lambda: "Drop seen?" not in plant.screen, 60_000_000):
            raise HandsFailed("the stroke did not end; " + hands.what_it_shows())
        hands.click()
        hands.until("ready")

    def _go_on(self) -> None:
        """Out of a pause, unless the gun pauses again and again without a shot: it refuses."""
        shots = self.world.view.shots
        self._pauses = self._pauses + 1 if shots == self._paused_at else 1
        self._paused_at = shots
        if self._pauses > PAUSES_MAX:
            raise HandsFailed("the session does not go on; " + self.hands.what_it_shows())
        self.hands.wait(1_000_000)
        self.hands.click()

    def _shoot(self) -> None:
        """Hold the trigger until the zone is done or the gun asks for something."""
        hands, world = self.hands, self.world
        hands.place()
        zone = self._zones[world.view.zone]
        if not MODE[zone["mode"]].repeats or zone.get("per_pull"):
            self._point_by_point(zone)
        else:
            hands.set("trigger", 1)
            limit_us = 10_000_000 + zone["shots"] * 70_000_000 // zone["rate_per_min"]
            armed = (states.READY, states.SHOOTING)
            if not world.run_while(lambda: world.state in armed, limit_us):
                raise HandsFailed("a zone did not come to its end; " + hands.what_it_shows())
            hands.set("trigger", 0)
        hands.lift()
        hands.wait(NEXT_POINT_US)
        self._progress(world.view.shots)

    def _point_by_point(self, zone: dict[str, Any]) -> None:
        """A pull for each point; held to the end where letting go would cut it short."""
        hands, world = self.hands, self.world
        mode = MODE[zone["mode"]]
        held = mode.stays or mode.repeats
        pace_us = 60_000_000 // zone["rate_per_min"] * (zone.get("per_pull") or 1)
        while world.state == states.READY:
            began_us = world.now_us
            hands.set("trigger", 1)
            hands.wait(RELEASE_US)
            if not held:
                hands.set("trigger", 0)
            hands.wait(1_000)
            if not world.run_while(lambda: world.state == states.SHOOTING, 600_000_000):
                raise HandsFailed("a shot did not end; " + hands.what_it_shows())
            hands.set("trigger", 0)
            hands.lift()
            world.run_until(max(world.now_us + RELEASE_US, began_us + pace_us - RELEASE_US))
            hands.set("contact", 1)
            hands.wait(RELEASE_US)
            self._progress(world.view.shots)


def fluid_and_pins(head: dict[str, Any]) -> dict[str, int]:
    """What a program's head says of the fluid's viscosity and the needle's pins, for `Hands`."""
    return {
        "pins": int(head.get("pins", 1)),
        "viscosity_upa_s": int(head.get("viscosity_upa_s", WATER_UPA_S)),
    }


def _silent(shots: int) -> None:
    del shots

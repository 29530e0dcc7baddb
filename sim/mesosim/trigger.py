"""The trigger's own way to the pulses: like the board's interrupt, it starts what is loaded."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mesosim.plant import Plant


class Trigger:
    """`fired` is 1 from the start that the trigger made until the next arming, loading or start."""

    def __init__(self) -> None:
        self.armed = False
        self.fired = 0
        self._closed = 0

    def arm(self) -> None:
        """The trigger's next closing starts what is loaded, once."""
        self.armed = True
        self.fired = 0

    def disarm(self) -> bool:
        """It starts nothing from now on; whether it has since it was armed."""
        self.armed = False
        return bool(self.fired)

    def forget(self) -> None:
        """Something else is loaded or started."""
        self.armed = False
        self.fired = 0

    def starts(self, plant: "Plant") -> bool:
        """Whether the trigger closes just now, armed, the foot on skin and the stop free."""
        closed = plant.stuck.get("trigger", plant.trigger)
        closes, self._closed = closed and not self._closed, closed
        contact = plant.stuck.get("contact", plant.contact)
        stop = plant.stuck.get("stop", plant.stop)
        if not (closes and self.armed and contact) or stop:
            return False
        self.armed = False
        return True

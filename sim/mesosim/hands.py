"""The operator's hands and eyes on a virtual gun: what a person does, in virtual time."""

from mesofw.core import parts, states
from mesosim.world import World

CLICK_US = 120_000
LOOK_US = 300_000
# In µPa·s, for a program that does not say.
WATER_UPA_S = 1_000


class HandsFailed(Exception):
    """What the operator waited for did not come; says what the gun showed instead."""


class Hands:
    """One operator. Durations in µs of virtual time, volumes in nl."""

    def __init__(self, world: World):
        self.world = world
        self.changes = 0

    def wait(self, duration_us: int) -> None:
        """Do nothing for a while."""
        self.world.run_for(duration_us)

    def until(self, name: str, limit_us: int = 60_000_000) -> None:
        """Wait for a state of the gun. Raises HandsFailed."""
        state = states.STATES.index(name)
        if not self.world.run_while(lambda: self.world.state != state, limit_us):
            raise HandsFailed("waited for %s; %s" % (name, self.what_it_shows()))

    def what_it_shows(self) -> str:
        """State, fault and screen, for messages."""
        view = self.world.view
        screen = " | ".join(line for line in self.world.plant.screen if line)
        return "the gun is in %s and shows: %s" % (states.STATES[view.state], screen)

    def set(self, switch: str, value: int) -> None:
        """Press (1) or release (0) trigger, pedal, press (the knob) or contact (the foot)."""
        setattr(self.world.plant, switch, value)
        self.world.touch()

    def click(self) -> None:
        """Press the knob once."""
        self.set("press", 1)
        self.wait(CLICK_US)
        self.set("press", 0)
        self.wait(CLICK_US)

    def turn(self, detents: int) -> None:
        """Turn the knob, clockwise positive."""
        self.world.plant.turns += detents
        self.world.touch()
        self.wait(CLICK_US)

    def hold(self, switch: str, duration_us: int) -> None:
        """Press, wait, release."""
        self.set(switch, 1)
        self.wait(duration_us)
        self.set(switch, 0)

    def place(self) -> None:
        """Set the foot on the skin."""
        self.set("contact", 1)
        self.wait(LOOK_US)

    def lift(self) -> None:
        """Take the foot off the skin."""
        self.set("contact", 0)

    def seat(
        self, syringe: str, fill_nl: int, gauge: str, length_um: int, pins: int = 1,
        viscosity_upa_s: int = WATER_UPA_S,
    ) -> None:  # fmt: skip
        """Seat a syringe filled with a fluid of a viscosity, with a new needle."""
        self.world.plant.seat(syringe, fill_nl, gauge, length_um, pins, viscosity_upa_s / 1000)
        self.world.touch()
        self.wait(LOOK_US)

    def unseat(self) -> None:
        """Take the syringe out."""
        self.world.plant.unseat()
        self.world.touch()
        self.wait(LOOK_US)

    def fit(
        self, syringe: str, gauge: str, length_um: int, fill_nl: int = 0, pins: int = 1,
        viscosity_upa_s: int = WATER_UPA_S,
    ) -> None:  # fmt: skip
        """From loading to ready: old syringe out, a full one in, new needle, prime until a drop."""
        self.until("loading")
        plunger_home = self.world.plant.plunger_free
        self.world.run_while(lambda: not plunger_home(), 60_000_000)
        self.unseat()
        filled_nl = fill_nl or parts.SYRINGES[syringe].volume_nl
        self.seat(syringe, filled_nl, gauge, length_um, pins, viscosity_upa_s)
        self.changes += 1
        self.click()
        self.until("priming")
        self.prime()
        self.click()
        self.until("ready")

    def prime(self, limit_us: int = 30_000_000) -> None:
        """Hold the trigger until fluid shows at the needle. Raises HandsFailed."""
        plant = self.world.plant
        before_nl = plant.fluid_nl()
        self.set("trigger", 1)
        seen = self.world.run_while(lambda: plant.fluid_nl() < before_nl + DROP_NL, limit_us)
        self.set("trigger", 0)
        self.wait(2_000_000)
        if not seen:
            raise HandsFailed("no drop came; " + self.what_it_shows())

    def confirm(self) -> None:
        """Read and confirm the program on the gun, page by page."""
        self.until("idle")
        idle = states.STATES.index("idle")
        for _ in range(20):
            self.click()
            if self.world.state != idle:
                return
        raise HandsFailed("the program could not be confirmed; " + self.what_it_shows())


# A drop at the needle's tip that a person can see.
DROP_NL = 15_000

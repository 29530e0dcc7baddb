"""A gun on a bench: power, time and an operator's hands for the mechanics in memory.

Time passes from event to event, so nothing waits.
"""

from mesofw.core import calibrating, fitting, priming, starting, states
from mesofw.core.clock import WRAP_US
from mesofw.core.gun import Gun
from tests.core.support.arming import Arming
from tests.core.support.mechanics import EMPTY_STEPS, FOOT_STEPS, HOME_STEPS, SPRING_US

__all__ = ["EMPTY_STEPS", "FOOT_STEPS", "HOME_STEPS", "Bench"]

# Held here, so that they are not compiled anew in each of a test's states.
_HELD = (calibrating, fitting, priming, starting)

START_US = WRAP_US - 10_000_000
SHORTEST_US = 50
HALF_S = 500_000
# Longer than any needle is waited for.
SETTLED_US = 3_500_000
FILL_NL = 2_500_000


class Bench(Arming):
    """One gun. Switch it on with `on`; then use its hands: `set`, `click`, `turn`, `seat`,
    `unseat`, and let time pass with `run` or `until`."""

    def __init__(self, fram_bytes=4096):
        super().__init__(fram_bytes)
        self._due_us = 0

    # Power.

    def on(self):
        """Start the firmware on what memory and files hold."""
        self.gun = None
        self._refresh()
        self.gun = Gun(self, self._clock())
        self._due_us = self.now_us
        return self.gun

    def off(self):
        """The supply goes: motion ends, the spring takes the needle back."""
        self.gun = None
        self._running = self.armed = self.fired_before = False
        self.now.fired = 0
        self.motors(False, False)
        self.now_us += 2 * SPRING_US
        self._spring_back()

    def hang(self):
        """The firmware hangs, and the watchdog starts it anew."""
        fired = bool(self.now.fired)
        self.off()
        self.fired_before = fired
        return self.on()

    def _clock(self):
        return (START_US + self.now_us) & (WRAP_US - 1)

    # Time.

    def step(self, until_us):
        """Go to the next event not after `until_us` and step the gun; False where there was
        none."""
        due_us = self._due_us
        own_us = self.next_us()
        if own_us is not None and own_us < due_us:
            due_us = own_us
        if due_us > until_us:
            self._advance(until_us)
            return False
        self._advance(max(due_us, self.now_us))
        wait_us = self.gun.step(self._clock())
        assert wait_us >= 0
        self._due_us = self.now_us + max(wait_us, SHORTEST_US)
        return True

    def run(self, duration_us):
        """Let time pass."""
        until_us = self.now_us + duration_us
        while self.step(until_us):
            pass

    def until(self, state, limit_us=60_000_000):
        """Let time pass until the gun is in `state`."""
        until_us = self.now_us + limit_us
        while self.gun.state != state:
            if not self.step(until_us):
                raise AssertionError(
                    "waited for %s, the gun is in %s with trouble %d: %s %s"
                    % (
                        states.STATES[state],
                        states.STATES[self.gun.state],
                        self.gun.trouble,
                        self.screen,
                        self.errors,
                    )
                )

    def while_in(self, state, limit_us=60_000_000):
        """Let time pass while the gun is in `state`."""
        until_us = self.now_us + limit_us
        while self.gun.state == state:
            assert self.step(until_us), "still in %s" % states.STATES[state]

    # Hands.

    def set(self, name, value):
        """Set an input: a switch, the supply, the temperature."""
        closes = name == "trigger" and value and not self.now.trigger
        setattr(self.now, name, value)
        if closes:
            self.trigger_closes()
        if name == "stop" and value:
            self._running = False
            self._release()
        self._due_us = self.now_us

    def receive(self, data):
        """Bytes from the host."""
        self.to_gun.extend(data)
        self._due_us = self.now_us

    def click(self):
        """Press the knob once."""
        self.set("press", 1)
        self.run(60_000)
        self.set("press", 0)
        self.run(60_000)

    def turn(self, detents):
        """Turn the knob."""
        self.set("turns", self.now.turns + detents)
        self.run(60_000)

    def pull(self, duration_us=60_000):
        """Pull the trigger and let go."""
        self.set("trigger", 1)
        self.run(duration_us)
        self.set("trigger", 0)
        self.run(60_000)

    def seat(self, syringe="", fill_nl=FILL_NL):
        """A filled syringe into the cradle; the program's where none is named."""
        self.put_in(syringe or self.asked()["syringe"], fill_nl)
        self.set("seated", 1)
        self.run(HALF_S)

    def unseat(self):
        """The syringe out."""
        self.take_out()
        self.set("seated", 0)
        self.run(HALF_S)

    def confirm(self):
        """Confirm the loaded program on the gun: two presses, and one for each warning."""
        for _ in range(2 + len(self.gun.session.program.warnings)):
            assert self.gun.state == states.IDLE
            self.click()
        assert self.gun.state == states.LOADING, self.screen

    def fit(self, syringe="", fill_nl=FILL_NL):
        """From loading to priming: plunger home, old syringe out, a full one in, confirmed."""
        self.until(states.LOADING)
        while self._running or self.gun.inputs.plunger_steps:
            self.step(self.now_us + 60_000_000)
        if self.stopper is not None:
            self.unseat()
        self.run(HALF_S)
        self.seat(syringe, fill_nl)
        self.click()
        self.until(states.PRIMING)

    def stroke(self):
        """One stroke of priming, and the wait until its pressure has gone."""
        self.pull()
        while self.gun.drive.moving:
            self.step(self.now_us + HALF_S)
        self.run(SETTLED_US)

    def prime(self):
        """One stroke, then the press that says a drop was seen."""
        self.stroke()
        self.click()
        self.until(states.READY)

    def ready(self):
        """From power-on with a stored program to armed, the foot on the skin."""
        self.on()
        self.until(states.IDLE)
        self.confirm()
        self.fit()
        self.prime()
        self.set("contact", 1)
        self.run(HALF_S)

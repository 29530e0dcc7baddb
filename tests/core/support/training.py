"""A bench for training: it counts what is asked of drivers and axes."""

from mesofw.core import states
from mesofw.core.door import CARRIAGE
from tests.core.support.bench import Bench
from tests.core.support.program import program_text, provision

SECOND_US = 1_000_000


class Watched(Bench):
    """A bench that counts what is asked of drivers and axes."""

    orders = 0

    def motion_load(self, segments, phases, count):
        self.orders += 1
        Bench.motion_load(self, segments, phases, count)

    def motion_patch(self, phase, segment, pulses):
        self.orders += 1
        Bench.motion_patch(self, phase, segment, pulses)

    def motion_start(self):
        self.orders += 1
        Bench.motion_start(self)

    def motors(self, carriage, plunger):
        self.orders += 1
        Bench.motors(self, carriage, plunger)


def idle(*zones, **changes):
    bench = Watched()
    provision(bench, program_text(*zones, purpose="training", **changes))
    bench.on()
    bench.until(states.IDLE)
    bench.orders = 0
    return bench


def priming(*zones):
    bench = idle(*zones)
    bench.confirm()
    return fitted(bench)


def fitted(bench):
    """A syringe is seated and confirmed, and its stopper found."""
    bench.run(SECOND_US)
    bench.seat()
    bench.click()
    bench.until(states.PRIMING)
    return bench


def ready(*zones):
    return armed(priming(*zones))


def armed(bench):
    """Primed, the foot on the skin."""
    bench.prime()
    bench.set("contact", 1)
    bench.run(SECOND_US)
    return bench


def still(bench):
    """Nothing was asked of drivers and axes since idle, and nothing moved."""
    return bench.orders == 0 and bench.given_steps == 0 and bench.at[CARRIAGE] <= 4

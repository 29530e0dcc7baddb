"""What an engineer at the host does at a step of a scenario, and what the gun refuses.

A function for each verb. The host does not wait for what it asked for: hands may act meanwhile.
"""

from mesofw.core import errors
from mesosim.holes import AXES
from mesosim.stage import Stage, StepFailed


def calibrate(stage: Stage) -> None:
    """Ask under the key for calibrating; the gun then asks whoever stands at it."""
    stage.host_side().ask_to_calibrate()


def bench(stage: Stage, act: str) -> None:
    """Ask for an act of the bench."""
    stage.host_side().bench(act, 0, 0)


def move(stage: Stage, name: str, steps: int) -> None:
    """Ask for a motion of an axis at its top speed."""
    stage.host_side().bench("move", AXES[name], steps)


def expect_refused(stage: Stage, value: str) -> None:
    """What the engineer asked for last is refused with this code; 0 for none."""
    code = stage.host_side().refused()
    seen = errors.name(code) if code else "0"
    if seen != value:
        raise StepFailed(f"expected the host to be refused with {value}, but it is {seen}")

"""What the syringe still holds, in plunger steps: quick enough for the time between two shots."""

from mesofw.core.door import PLUNGER


def left_steps(gun) -> int:
    """Plunger steps that the syringe still holds (>= 0), the back-off taken off; one that runs
    counts as over."""
    drive = gun.drive
    backs_off = drive.backs_off
    if gun.training:
        at = drive.played[PLUNGER]
    elif backs_off:
        at = drive.reached_steps[PLUNGER]
    else:
        at = gun.inputs.plunger_steps
    left = gun.empty_steps - at
    if not backs_off:
        left -= gun.session.backoff_steps
    return max(0, left)


def whole_shot(gun) -> bool:
    """Whether that is a whole shot of the armed zone."""
    doser = gun.session.doser
    if not gun.empty_steps or not doser:
        return not gun.session.zone_record["volume_nl"]
    return left_steps(gun) >= doser.most_steps

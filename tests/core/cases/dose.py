"""Shots of any doses through any syringes: commanded volume and steps never drift apart."""

from mesofw.core.dose import FL_PER_NL, Doser, steps_for, volume_nl


def shots(rows):
    """Give doses, each row [step_fl, volume_nl, shots]; a new step_fl is a new syringe.

    Gives [steps of each row …, what is owed at the end].
    """
    out = []
    doser = None
    for step_fl, volume, count in rows:
        if doser is None or doser.step_fl != step_fl:
            owed_fl = min(doser.carry_fl, step_fl - 1) if doser else 0
            doser = Doser(step_fl)
            doser.carry_fl = owed_fl
        before_fl = doser.carry_fl
        doser.set_dose(volume)
        steps = 0
        for _ in range(count):
            more = doser.next_steps()
            assert more - doser.whole_steps in (0, 1)
            assert 0 <= doser.carry_fl < step_fl
            steps += more
        assert steps * step_fl + doser.carry_fl == count * volume * FL_PER_NL + before_fl
        out.append(steps)
    return out + [doser.carry_fl]


def volume(volume_asked_nl, step_fl):
    """Volume to steps and back: within half a step, and steady. Gives [steps, volume]."""
    steps = steps_for(volume_asked_nl, step_fl)
    back_nl = volume_nl(steps, step_fl)
    assert abs(steps * step_fl - volume_asked_nl * FL_PER_NL) * 2 <= step_fl
    assert abs(back_nl * FL_PER_NL - steps * step_fl) * 2 <= FL_PER_NL
    return [steps, back_nl]


CASES = {"shots": shots, "volume": volume}

"""Dose arithmetic: volume to plunger steps in integers, the remainder carried to the next shot."""

FL_PER_NL = 1_000_000


class Doser:
    """Plunger steps for equal doses of one zone; commanded volume and steps never drift apart.

    `step_fl` is the volume of one plunger step in femtolitre (a calibrated number, < 2**30).
    `carry_fl` is what earlier shots owe, 0 <= carry_fl < step_fl; it survives a change of dose.
    After set-up, `next_steps` works on small integers only.
    """

    def __init__(self, step_fl: int):
        if not 0 < step_fl < 1 << 30:
            raise ValueError("step_fl is 1 to 2**30 - 1")
        self.step_fl = step_fl
        self.carry_fl = 0
        self.whole_steps = 0
        self.most_steps = 0  # with a step for the remainder, where there is one
        self._rest_fl = 0

    def set_dose(self, volume_nl: int) -> None:
        """Every following shot is `volume_nl`, until told otherwise."""
        volume_fl = volume_nl * FL_PER_NL
        self.whole_steps = volume_fl // self.step_fl
        self._rest_fl = volume_fl % self.step_fl
        self.most_steps = self.whole_steps + (1 if self._rest_fl else 0)

    def next_steps(self) -> int:
        """Steps of the next shot, and take it as given: `whole_steps` or one more."""
        owed_fl = self.carry_fl + self._rest_fl
        if owed_fl >= self.step_fl:
            self.carry_fl = owed_fl - self.step_fl
            return self.whole_steps + 1
        self.carry_fl = owed_fl
        return self.whole_steps


def volume_nl(steps: int, step_fl: int) -> int:
    """The volume of `steps` (>= 0), rounded to the nearest nanolitre."""
    return _nl(steps, step_fl, FL_PER_NL // 2)


def whole_nl(steps: int, step_fl: int) -> int:
    """The volume of `steps`, rounded down to a nanolitre."""
    return _nl(steps, step_fl, 0)


def _nl(steps: int, step_fl: int, more_fl: int) -> int:
    """(steps × step_fl + more_fl) // 10⁶ in numbers below 2³⁰, which take no memory, for the whole
    travel of the widest syringe (264,000 steps of 41 nL)."""
    step_pl = step_fl // 1000
    part_pl = steps * (step_pl % 1000)
    rest_fl = part_pl % 1000 * 1000 + steps * (step_fl % 1000) + more_fl
    return steps * (step_pl // 1000) + part_pl // 1000 + rest_fl // FL_PER_NL


def steps_for(volume_nl: int, step_fl: int) -> int:
    """The steps nearest to a volume."""
    return (volume_nl * FL_PER_NL + step_fl // 2) // step_fl


def step_volume_fl(bore_um2: int, step_nm: int) -> int:
    """Volume in femtolitre of one plunger step: bore area in µm² × step in nm / 1000 (µm³ = fl)."""
    return bore_um2 * step_nm // 1000

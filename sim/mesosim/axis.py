"""One axis as it truly stands: steps, lost steps, the motor's step error, encoder and home.

A hybrid stepper stands off its ideal step by an error that repeats every four full steps, that is
every electrical turn (data sheets: ± a share of a full step, `physics.stepper.step_error_um`). It
moves the load and the encoder on the shaft alike. The carriage's spring takes up its screw's
backlash; the plunger's is in the stopper's play.
"""

import math
from math import floor, sin

from mesosim import hardware
from mesosim.motor import Run, reach_us
from mesosim.physics.stepper import STEPS_PER_TURN
from mesosim.truth import Truth

_FULL_STEPS = 4


class Axis:
    """`steps` (all pulses, net) and `lost` (of them, net) are lists by axis that the plant keeps;
    places in µm from the axis's end."""

    def __init__(
        self, name: str, number: int, truth: Truth, steps: list[int], lost: list[float],
        home_um: float,
    ):  # fmt: skip
        gun = hardware.gun()
        microsteps = int(gun.number(name, "microsteps"))
        self.number = number
        self.step_um = (truth.carriage_step_um, truth.plunger_step_um)[number]
        self.home_um = home_um
        self.zero_steps = 0
        self._steps = steps
        self._lost = lost
        self._error_um = truth.step_error_um[number]
        self._phase = truth.step_phase[number] * 2 * math.pi
        self._turn = 2 * math.pi / (_FULL_STEPS * microsteps)
        turn_um = self.step_um * STEPS_PER_TURN * microsteps
        self._count_um = turn_um / gun.number(name, "encoder_counts_turn")
        self._counts_phase = truth.counts_phase[number]
        self._zero_um = 0.0
        # What the encoder counts of each count: 1, 0 where it is dead, -1 where it is reversed.
        self._counts_by = 1
        self._stood = 0
        # Of the rotor's last place that was looked at.
        self._rotor = math.nan
        self._um = 0.0
        self._counts = 0
        self._edge: tuple[float, float] = (math.nan, 0.0)

    def rotor(self) -> float:
        """Steps that the motor has truly turned by."""
        return self._steps[self.number] - self._lost[self.number]

    def place_um(self, rotor: float) -> float:
        """Where the axis stands with its rotor at so many steps."""
        error_um = self._error_um * sin(rotor * self._turn + self._phase)
        return self.home_um + rotor * self.step_um + error_um

    def um(self) -> float:
        """Where the axis stands."""
        rotor = self._steps[self.number] - self._lost[self.number]
        if rotor != self._rotor:
            self._look(rotor)
        return self._um

    def _look(self, rotor: float) -> None:
        self._rotor = rotor
        self._um = self.place_um(rotor)
        self._counts = self.counts(self._um)

    def rotor_at(self, place_um: float) -> float:
        """At how many steps the axis stands at a place: `place_um` turned round."""
        rotor = (place_um - self.home_um) / self.step_um
        for _ in range(8):
            rotor += (place_um - self.place_um(rotor)) / self.step_um
        return rotor

    def take_from(self, place_um: float) -> None:
        """The motor holds the axis where something else has moved it to."""
        self._lost[self.number] = self._steps[self.number] - self.rotor_at(place_um)

    def zero(self, place_um: float) -> None:
        """The board's counters become 0, at a place."""
        self.zero_steps = self._steps[self.number]
        self._zero_um = place_um
        self._stood = 0
        self._rotor = math.nan

    def break_encoder(self, counts_by: int, place_um: float) -> None:
        """From now on the encoder counts so many for one: 0 is dead, -1 reversed, 1 good."""
        stands = self.counts(place_um)
        self._counts_by = counts_by
        self._stood = 0
        self._stood = stands - self.counts(place_um)
        self._rotor = math.nan

    def counts(self, place_um: float) -> int:
        """What the encoder says at a place, since `zero`."""
        counts = floor((place_um - self._zero_um) / self._count_um + self._counts_phase)
        return self._counts_by * counts + self._stood

    def seen(self) -> tuple[float, int, int]:
        """Where the axis stands, and since `zero` its pulses and what the encoder says."""
        steps = self._steps[self.number]
        rotor = steps - self._lost[self.number]
        if rotor != self._rotor:
            self._look(rotor)
        return self._um, steps - self.zero_steps, self._counts

    def edge_times(self, run: Run, edge_um: float, now_us: int) -> list[int]:
        """When a run moves the axis over an edge, either way."""
        rotor = self.rotor()
        fraction = rotor % 1.0
        if self._edge[0] != fraction:
            # The last step, counted with the rotor's fraction, that is not beyond the edge.
            last = math.floor(self.rotor_at(edge_um) - fraction) + fraction
            self._edge = (fraction, last)
        last = self._edge[1]
        return reach_us(run, self.number, rotor, (last, last + 1.0), now_us)

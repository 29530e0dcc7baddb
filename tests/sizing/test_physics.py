"""The physics against values worked out by hand, and against what must hold everywhere."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesosim.physics import heat, moves, needle, screw, skin, spring, stepper, syringe
from mesosim.physics.moves import Limits
from mesosim.physics.needle import Tube
from mesosim.physics.screw import Screw
from mesosim.physics.spring import Spring
from mesosim.physics.stepper import Winding
from mesosim.physics.syringe import Barrel

TUBES = st.builds(Tube, st.floats(60, 400), st.floats(4_000, 30_000), st.sampled_from((1, 3, 5, 9)))
VISCOSITY = st.floats(0.5, 200)
FLOW = st.floats(10, 500_000)
BARREL = Barrel(4699, 900, 57_700, 1300, 2000, 15)


def test_hagen_poiseuille_by_hand():
    """10 mm of 0.2 mm bore, water: 128 × 1e-3 × 1e-2 / (π × 1.6e-15) = 2.546e11 Pa·s/m³."""
    assert needle.viscous_bar_s_nl(Tube(200, 10_000), 1.0) == pytest.approx(2.546e-6, rel=1e-3)


def test_kinetic_by_hand():
    """100 µL/s through 0.2 mm: v = 3.183 m/s, ½ρv² = 5,066 Pa, × 2.28 = 0.1155 bar."""
    assert needle.kinetic_bar_s2_nl2(Tube(200, 10_000)) * 1e10 == pytest.approx(0.1155, rel=1e-3)


def test_reynolds_by_hand():
    """100 µL/s of water through 0.2 mm: ρ v d / μ = 1000 × 3.183 × 2e-4 / 1e-3 = 636.6."""
    assert needle.reynolds(Tube(200, 10_000), 1.0, 100_000) == pytest.approx(636.6, rel=1e-3)
    assert not needle.is_turbulent(Tube(200, 10_000), 1.0, 314_000)
    assert needle.is_turbulent(Tube(200, 10_000), 1.0, 315_000)


@given(TUBES, VISCOSITY, FLOW)
def test_flow_and_pressure_are_inverse(tube, viscosity, flow):
    bar = needle.pressure_bar(tube, viscosity, flow)
    assert needle.flow_nl_s(tube, viscosity, bar) == pytest.approx(flow, rel=1e-9)


@given(TUBES, VISCOSITY)
def test_half_the_bore_is_sixteen_times_the_resistance(tube, viscosity):
    half = Tube(tube.inner_um / 2, tube.length_um, tube.pins)
    whole = needle.viscous_bar_s_nl(tube, viscosity)
    assert needle.viscous_bar_s_nl(half, viscosity) == pytest.approx(16 * whole)
    assert needle.kinetic_bar_s2_nl2(half) == pytest.approx(16 * needle.kinetic_bar_s2_nl2(tube))


@given(TUBES, VISCOSITY, FLOW)
def test_thicker_fluid_needs_more_pressure_and_more_pins_less(tube, viscosity, flow):
    bar = needle.pressure_bar(tube, viscosity, flow)
    assert needle.pressure_bar(tube, viscosity * 1.01, flow) > bar
    nine = Tube(tube.inner_um, tube.length_um, tube.pins * 9)
    assert needle.pressure_bar(nine, viscosity, flow * 9) == pytest.approx(bar)


def test_force_by_hand():
    """3 bar on 17.34 mm² is 5.20 N, and 3 N of friction before it."""
    assert syringe.area_mm2(4699) == pytest.approx(17.342, rel=1e-3)
    assert syringe.force_n(3, 4699, 3) == pytest.approx(8.203, rel=1e-3)
    assert syringe.pressure_at_force_bar(8.203, 4699, 3) == pytest.approx(3, rel=1e-3)
    assert syringe.pressure_at_force_bar(2, 4699, 3) == 0


def test_friction_grows_from_glide_to_break_loose():
    assert syringe.friction_n(5, 2, 0, 10) == 2
    assert syringe.friction_n(5, 2, 10, 10) == pytest.approx(5 - 3 / math.e)
    assert syringe.friction_n(5, 2, 1e6, 10) == pytest.approx(5)


def test_compliance_by_hand():
    """Full: 1.0006 mL × (2 × 0.1 × 2349.5 / (900 × 1300) + 4.6e-5) = 447.9 nl/bar; stopper
    17.34 × 2000 × 0.1 / 15 = 231.2; drive of 130 N/mm: 1.734 N / 130 × 1000 × 17.34 = 231.3."""
    assert syringe.barrel_nl_bar(BARREL, 1.0) == pytest.approx(447.9, rel=2e-3)
    assert syringe.stopper_nl_bar(BARREL) == pytest.approx(231.2, rel=1e-3)
    assert syringe.drive_nl_bar(4699, 130) == pytest.approx(231.3, rel=1e-3)
    assert syringe.compliance_nl_bar(BARREL, 0, 130) < syringe.compliance_nl_bar(BARREL, 1, 130)


def test_decay_of_a_viscous_flow_is_exponential():
    """So thick that the kinetic part is nothing: to 1 % in ln(100) time constants."""
    tube = Tube(200, 10_000)
    tau_s = needle.viscous_bar_s_nl(tube, 1000) * 500
    stored = syringe.stored_nl(tube, 1000, 1000, 500)
    left = syringe.decay_s(tube, 1000, 1000, 500, stored / 100)
    assert left == pytest.approx(tau_s * math.log(100), rel=1e-3)


@given(TUBES, VISCOSITY, FLOW, st.floats(100, 30_000), st.floats(0.01, 0.9))
def test_decay_agrees_with_small_steps(tube, viscosity, flow, compliance, share):
    left_nl = syringe.stored_nl(tube, viscosity, flow, compliance) * share
    whole_s = syringe.decay_s(tube, viscosity, flow, compliance, left_nl)
    steps = 400
    stored = syringe.stored_nl(tube, viscosity, flow, compliance)
    for _ in range(steps):
        middle = (
            stored - needle.flow_nl_s(tube, viscosity, stored / compliance) * whole_s / steps / 2
        )
        stored -= needle.flow_nl_s(tube, viscosity, middle / compliance) * whole_s / steps
    assert stored == pytest.approx(left_nl, rel=2e-3)
    assert syringe.decay_s(tube, viscosity, flow, compliance, left_nl / share * 2) == 0


def test_skin():
    assert skin.puncture_n(413) == pytest.approx(1.22)
    assert skin.puncture_n(413, 9) == pytest.approx(9 * 1.22)
    assert skin.puncture_n(311) < skin.puncture_n(337)
    assert skin.dimple_um(1.0, 0.5) == 2000
    # 10 N on 15 mm at 100 kPa: 10 × 0.75 / (1e5 × 0.015) = 5 mm.
    assert skin.foot_um(10, 15, 100) == pytest.approx(5000)
    assert skin.slanted_depth_um(13_000, 30) == pytest.approx(6500)


def test_screw_by_hand():
    """Lead 0.8 at 4.48 mm: λ = 3.253°; μ 0.12 at 30°: φ = 7.889°; 0.0568 / tan 11.142° = 0.2886."""
    m5 = Screw(0.8, 4.48, 75, 30, 0.12)
    assert screw.efficiency(m5) == pytest.approx(0.2886, rel=1e-3)
    assert screw.is_self_locking(m5)
    assert screw.back_efficiency(m5) < 0
    fast = Screw(8, 5, 45, 14.5, 0.1)
    assert not screw.is_self_locking(fast)
    assert 0 < screw.back_efficiency(fast) < screw.efficiency(fast) < 1


@given(st.floats(0.3, 20), st.floats(3, 12), st.floats(0, 30), st.floats(0.01, 0.4))
def test_a_screw_of_less_than_half_locks_itself(lead, pitch, flank, friction):
    mover = Screw(lead, pitch, 50, flank, friction)
    if screw.is_self_locking(mover):
        assert screw.efficiency(mover) <= 0.5 + 1e-9


def test_torque_by_hand():
    """8 mm lead: arm 1.2732 mm. 3.6 g·cm² seen at the nut is 3.6e-7 / 1.2732e-3² = 222 g."""
    assert screw.reflected_g(3.6, 8) == pytest.approx(222.1, rel=1e-3)
    smooth = Screw(8, 5, 45, 14.5, 0.0)
    assert screw.torque_mnm(smooth, 5, 0, 0, 0) == pytest.approx(6.366, rel=1e-3)
    # 0.2221 kg × 10 m/s² × 1.2732 mm
    assert screw.torque_mnm(smooth, 0, 0, 3.6, 10) == pytest.approx(2.827, rel=1e-3)
    assert screw.torque_mnm(smooth, 0, 222.07, 0, 10) == pytest.approx(2.827, rel=1e-3)


def test_pull_out_torque():
    winding = Winding(0.8, 5.4, 1.5, 29.4)
    assert stepper.winding_mnm(winding, 24, 0, 1.0) == 29.4
    # 3000 rpm: ωₑ = 15,708, X = 23.56 Ω, |Z| = 24.17; k = 25.99 mN·m/A;
    # 25.99 × 24 / 24.17 - 0.02599² × 314.2 × 5.4 / 584.3 × 1e3 = 25.80 - 1.96.
    assert stepper.winding_mnm(winding, 24, 3000, 1.0) == pytest.approx(23.84, rel=2e-3)
    torques = [stepper.winding_mnm(winding, 24, at, 0.8) for at in range(0, 6000, 100)]
    assert torques == sorted(torques, reverse=True)


def test_a_curve_is_straight_between_its_points():
    curve = ((0.0, 20.0), (600.0, 20.0), (1200.0, 10.0))
    found = [stepper.torque_mnm(curve, at) for at in (0, 600, 900, 1200, 1201)]
    assert found == [20, 20, 15, 10, 0]
    assert stepper.margin(20, 15) == pytest.approx(0.25)
    assert stepper.rpm(150, 8) == 1125
    assert stepper.step_um(0.8, 16) == 0.25


def test_moves_by_hand():
    """3 mm at 10 m/s² and 150 mm/s: 15 ms up, 15 ms down over 2.25 mm, 5 ms between."""
    assert moves.duration_s(Limits(150, 10, 10), 3) == pytest.approx(0.035)
    assert moves.duration_s(Limits(1000, 10, 10), 1) == pytest.approx(0.02)
    assert moves.duration_s(Limits(150, 10, 10), 0) == 0


@given(st.floats(10, 400), st.floats(1, 60), st.floats(1, 60), st.floats(0.1, 16))
def test_a_move_ends_where_its_spots_say(speed, up, down, length):
    limits = Limits(speed, up, down)
    cells = 2000
    summed = 0.0
    for index in range(cells):
        at, _ = moves.spot(limits, length, (index + 0.5) * length / cells)
        summed += length / cells / at
    assert summed == pytest.approx(moves.duration_s(limits, length), rel=0.02)


def test_spring_return():
    """Constant force: √(2 s m / F); with a rate, faster, and never where the drag holds it."""
    even = spring.return_s(Spring(5, 0), 10, 400, 1)
    assert even == pytest.approx(math.sqrt(2 * 0.01 * 0.4 / 4))
    assert spring.return_s(Spring(5, 1e-6), 10, 400, 1) == pytest.approx(even, rel=1e-4)
    assert spring.return_s(Spring(5, 0.2), 10, 400, 1) < even
    assert spring.return_s(Spring(5, 0.2), 10, 400, 5) == math.inf


def test_heat_by_hand():
    assert heat.copper_w(0.8, 5.4) == pytest.approx(6.912)
    assert heat.driver_w(0.8, 0.34, 0.1) == pytest.approx(0.5352)
    assert heat.mean_w(6.0, 0.5, 0.5) == pytest.approx(3.75)
    assert heat.rise_k(3.0, 16) == 48
    assert heat.rise_after_k(3.0, 16, 40, 640) == pytest.approx(48 * (1 - 1 / math.e))

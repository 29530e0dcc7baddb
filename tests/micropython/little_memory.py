"""What the gun still says where its memory is full, and what it lets go of; run by
`test_little_memory.py`."""

import gc
import sys

from mesofw.core import errors, shot
from mesofw.core.aim import Aim

LEFT_B = 8_000


def test_the_code_is_still_named_where_there_is_no_memory_for_its_text():
    ballast = None
    while gc.mem_free() > LEFT_B:
        ballast = (ballast, bytearray(1_000))
    assert errors.cause(errors.OCCLUSION) == "occlusion"
    assert errors.remedy(errors.OCCLUSION) == ""
    assert "mesofw.core.texts" not in sys.modules
    ballast = None
    gc.collect()
    assert errors.cause(errors.PLUNGER_LOST) == "the plunger lost steps"
    assert errors.cause(errors.OCCLUSION) == "the plunger's force is too high"


def test_texts_leave_nothing_behind():
    codes = sorted(errors.names())
    for code in codes:
        errors.cause(code)
    gc.collect()
    free_b = gc.mem_free()
    for code in codes:
        errors.cause(code)
    gc.collect()
    assert gc.mem_free() >= free_b


HEAD = {
    "syringe": "3 mL", "needle": "27G", "length_um": 4_000, "pins": 1, "viscosity_upa_s": 1_000,
}  # fmt: skip
TOO_FAST = {
    "mode": "burst", "depth_um": 2_000, "angle_deg": 90, "volume_nl": 50_000, "rate_per_min": 600,
    "flow_nl_s": 500_000, "dwell_ms": 0,
}  # fmt: skip


def refusal():
    fit = shot.nominal(HEAD)
    steps = TOO_FAST["volume_nl"] * 1_000_000 // fit.step_fl
    return Aim().take(TOO_FAST, fit, shot.NOMINAL_FOOT_UM, shot.NOMINAL_STEP_PM, steps)


def test_a_shot_stays_refused_where_there_is_no_memory_to_say_why():
    ballast = None
    while gc.mem_free() > LEFT_B:
        ballast = (ballast, bytearray(1_000))
    fault = refusal()
    assert (fault.code, fault.allowed) == (errors.RATE_UNREACHABLE, "")
    ballast = None
    gc.collect()
    assert "(limit: " in refusal().allowed
    assert "mesofw.core.refusals" not in sys.modules


def test_refusals_leave_nothing_behind():
    refusal()
    gc.collect()
    free_b = gc.mem_free()
    for _ in range(5):
        refusal()
    gc.collect()
    assert gc.mem_free() >= free_b

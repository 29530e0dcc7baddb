"""Modules of core that are read in for one use and let go of."""

import sys

from mesofw.core import aside, errors
from mesofw.core.aim import refused

REFUSALS = "mesofw.core.refusals"


def test_a_module_is_let_go_of_as_if_it_had_never_been_read_in():
    from mesofw.core import refusals

    core = sys.modules["mesofw.core"]
    assert aside.held("refusals")
    aside.let_go("refusals")
    try:
        assert not aside.held("refusals")
        assert not hasattr(core, "refusals")
        aside.let_go("refusals")
    finally:
        sys.modules[REFUSALS] = core.refusals = refusals


def test_a_refusal_lets_go_of_what_nobody_holds():
    zone = {"depth_um": 5_000, "angle_deg": 90}
    held = sys.modules.get(REFUSALS)
    core = sys.modules["mesofw.core"]
    aside.let_go("refusals")
    try:
        fault = refused(errors.BEYOND_NEEDLE, zone, 4_000)
        assert (fault.found, fault.allowed) == ("5 mm", "up to 4 mm")
        assert not aside.held("refusals")
    finally:
        if held:
            sys.modules[REFUSALS] = core.refusals = held


def test_a_refusal_leaves_what_somebody_holds():
    from mesofw.core import refusals

    refused(errors.BEYOND_NEEDLE, {"depth_um": 5_000, "angle_deg": 90}, 4_000)
    assert sys.modules[REFUSALS] is refusals


def test_what_is_read_in_once_is_held_only_by_who_held_it():
    core = sys.modules["mesofw.core"]
    names = ["mesofw.core." + name for name in aside.FOR_ONE_USE]
    before = [sys.modules.get(name) for name in names]
    for name in aside.FOR_ONE_USE:
        aside.let_go(name)
    try:
        aside.read_once()
        assert not any(name in sys.modules for name in names)
        from mesofw.core import texts

        aside.read_once()
        assert core.texts is texts
        assert not aside.held("refusals")
    finally:
        for name, module in zip(aside.FOR_ONE_USE, before):
            aside.let_go(name)
            if module:
                sys.modules["mesofw.core." + name] = module
                setattr(core, name, module)

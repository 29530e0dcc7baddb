"""A program of sections: what the check says of it, and what must always hold of what it lets
pass."""

import math

from mesofw.core import parts
from mesofw.core.judge import Judge
from mesofw.core.modes import MODE
from mesofw.core.program import PRODUCT, ZONE, ingredient_ug

KINDS = ("program", "hard", "soft", "product", "ingredient", "zone")


def checked(sections, today=0):
    """The checker after all of `sections`, (kind, record) in their order."""
    checker = Judge(today)
    for kind, record in sections:
        checker.add(kind, dict(record))
    checker.finish()
    return checker


def told(checker):
    """(place, code) of each fault."""
    return [(fault.at, fault.code) for fault in checker.faults]


def check(sections, today):
    """The faults of a program; one that has none is looked at from the outside.

    Gives [[place, code], …], then shots, total and warnings.
    """
    checker = checked(sections, today)
    if not checker.faults:
        _must_hold(sections, checker, today)
    faults = [[fault.at, fault.code] for fault in checker.faults]
    return [faults, checker.shots, checker.total_nl, len(checker.warnings)]


def _must_hold(sections, checker, today):
    head = checker.head
    hard = checker.limits("hard")
    zones = [_whole(ZONE, record) for kind, record in sections if kind == "zone"]
    assert [kind for kind, _ in sections].count("program") == 1
    assert 1 <= len(zones) <= 200
    for zone in zones:
        assert zone["depth_um"] <= parts.LAYERS[zone["layer"]] <= 13_000
        out_um = zone["depth_um"] / math.sin(math.radians(zone["angle_deg"]))
        assert out_um <= head["length_um"] + 1
        mode = MODE[zone["mode"]]
        assert (zone["volume_nl"] == 0) == (mode.most_nl == 0)
        assert zone["volume_nl"] <= mode.most_nl
        assert zone["depth_um"] <= mode.deepest_um
        assert zone["volume_nl"] <= hard["shot_nl"]
        assert zone["volume_nl"] <= parts.SYRINGES[head["syringe"]].volume_nl
        assert zone["volume_nl"] * zone["shots"] <= hard["zone_nl"]
    assert checker.shots == sum(zone["shots"] for zone in zones)
    assert checker.fillings.needle_shots == _on_one_needle(checker.fillings.filling_nl, zones)
    assert checker.fillings.needle_shots <= hard["needle_shots"]
    total_nl = sum(zone["shots"] * zone["volume_nl"] for zone in zones)
    assert checker.total_nl == total_nl <= hard["session_nl"]
    products = [_whole(PRODUCT, record) for kind, record in sections if kind == "product"]
    if products:
        assert sum(product["share_ppm"] for product in products) == 1_000_000
    for product in products:
        assert not today or product["expiry"] >= today
    given_ug = {}
    limit_ug = {}
    share_ppm = 0
    for kind, record in sections:
        if kind == "product":
            share_ppm = record["share_ppm"]
        elif kind == "ingredient":
            name = record["name"]
            ug = ingredient_ug(total_nl, share_ppm, record["strength_ug_ml"])
            given_ug[name] = given_ug.get(name, 0) + ug
            limit_ug[name] = min(record["limit_ug"], limit_ug.get(name, record["limit_ug"]))
    for name in given_ug:
        assert given_ug[name] <= limit_ug[name], name


def _on_one_needle(filling_nl, zones):
    """The most shots of one needle, which is new with each syringe, shot by shot."""
    most = shots = 0
    left_nl = filling_nl
    for zone in zones:
        for _ in range(zone["shots"]):
            if zone["volume_nl"] > left_nl:
                left_nl = filling_nl
                shots = 0
            left_nl -= zone["volume_nl"]
            shots += 1
            most = max(most, shots)
    return most


def _whole(table, record):
    whole = {field.name: field.default for field in table}
    whole.update(record)
    return whole


CASES = {"check": check}

"""One table of codes: each has a name, a cause and what to do; texts are read in when shown."""

import sys

from mesofw.core import errors
from mesofw.core.errors import Fault, refuse

VERIFIES = {
    "test_every_error_says_what_it_means_and_what_to_do": ("SR-197",),
    "test_every_text_is_a_codes": ("SR-197",),
    "test_the_needle_comes_back_by_its_motor_where_that_is_known_to_work": ("SR-092",),
}

CODES = errors.names()
TEXTS = "mesofw.core.texts"


def test_the_names_are_those_of_the_constants():
    assert CODES[errors.NOT_CALIBRATED] == errors.name(errors.NOT_CALIBRATED) == "not_calibrated"
    assert CODES[errors.EVENT_BOOT] == errors.name(errors.EVENT_BOOT) == "boot"


def test_codes_have_different_names_made_of_small_letters():
    names = list(CODES.values())
    assert len(set(names)) == len(names)
    for name in names:
        assert all("a" <= char <= "z" or char in "_0123456789" for char in name), name


def test_no_code_stands_for_two_things():
    constants = [name for name in dir(errors) if isinstance(getattr(errors, name), int)]
    assert len(constants) == len(CODES) > 90


def test_only_codes_are_known():
    assert errors.known(errors.NOT_NOW)
    assert errors.known(errors.EVENT_ALERT)
    assert not errors.known(999)
    assert not errors.known("not_now")


def test_every_error_says_what_it_means_and_what_to_do():
    for code in CODES:
        assert errors.cause(code), code
        assert errors.remedy(code) or code >= 600, code


def test_every_text_is_a_codes():
    from mesofw.core.texts import TEXT

    assert sorted(TEXT) == sorted(CODES)
    for code in CODES:
        assert (errors.cause(code), errors.remedy(code)) == TEXT[code]


def test_texts_are_let_go_of_but_for_the_one_that_was_asked_for():
    held = sys.modules.pop(TEXTS, None)
    try:
        errors.cause(errors.NOT_NOW)
        first = errors.cause(errors.OCCLUSION)
        core = sys.modules["mesofw.core"]
        assert TEXTS not in sys.modules
        assert not hasattr(core, "texts")
        assert errors.cause(errors.OCCLUSION) is first
    finally:
        if held:
            sys.modules[TEXTS] = core.texts = held


def test_who_holds_the_texts_keeps_them():
    from mesofw.core import texts

    errors.cause(errors.NOT_NOW)
    errors.cause(errors.OCCLUSION)
    assert sys.modules[TEXTS] is texts


def test_codes_lie_in_their_families():
    families = {1: "wire", 2: "program", 3: "refused", 4: "fault", 5: "storage", 6: "event"}
    assert set(code // 100 for code in CODES) == set(families)


def test_only_faults_cut_the_drivers():
    for code in errors.CUTS_DRIVERS:
        assert 400 <= code < 500
    for code in (errors.ESTOP, errors.SUPPLY_LOST, errors.CARRIAGE_LOST, errors.INTERNAL):
        assert code in errors.CUTS_DRIVERS


def test_the_needle_comes_back_by_its_motor_where_that_is_known_to_work():
    for code in (errors.OCCLUSION, errors.PLUNGER_LOST, errors.OVERHEATED, errors.SYRINGE_OUT):
        assert code not in errors.CUTS_DRIVERS


def test_an_unknown_code_is_still_told():
    assert errors.name(999) == "999"
    for code in (999, 0):
        assert errors.cause(code) == "unknown code %d" % code
        assert errors.remedy(code)


def test_a_refusal_carries_its_fault():
    refused = refuse(errors.NOT_NOW, "a.number", "7", "1 to 5")
    assert isinstance(refused.fault, Fault)
    assert refused.fault.code == errors.NOT_NOW
    assert refused.fault.at == "a.number"
    assert refused.fault.found == "7"
    assert refused.fault.allowed == "1 to 5"
    assert errors.name(errors.NOT_NOW) in str(refused)


def test_texts_fit_the_wire():
    for code in CODES:
        assert len(errors.cause(code)) <= 120
        assert all(ord(char) < 127 for char in errors.cause(code) + errors.remedy(code))

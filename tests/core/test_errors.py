"""One table of codes: each has a name, a cause and what to do."""

from mesofw.core import errors
from mesofw.core.errors import Fault, refuse

CODES = {}
for _name in dir(errors):
    if _name == _name.upper() and isinstance(getattr(errors, _name), int):
        CODES[getattr(errors, _name)] = _name


def test_every_code_is_in_the_table_and_the_table_holds_no_others():
    assert sorted(CODES) == sorted(errors.TEXT)


def test_codes_have_different_names_made_of_small_letters():
    names = [errors.name(code) for code in errors.TEXT]
    assert len(set(names)) == len(names)
    for name in names:
        assert all("a" <= char <= "z" or char in "_0123456789" for char in name), name


def test_a_codes_constant_is_its_name():
    for code, constant in CODES.items():
        name = errors.name(code)
        if code >= 600:
            name = "event_" + name
        assert constant == name.upper(), code


def test_every_error_says_what_it_means_and_what_to_do():
    for code in errors.TEXT:
        assert errors.cause(code), code
        assert errors.remedy(code) or code >= 600, code


def test_codes_lie_in_their_families():
    families = {1: "wire", 2: "program", 3: "refused", 4: "fault", 5: "storage", 6: "event"}
    assert set(code // 100 for code in errors.TEXT) == set(families)


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
    assert "999" in errors.cause(999)
    assert errors.remedy(999)


def test_a_refusal_carries_its_fault():
    refused = refuse(errors.NOT_NOW, "a.number", "7", "1 to 5")
    assert isinstance(refused.fault, Fault)
    assert refused.fault.code == errors.NOT_NOW
    assert refused.fault.at == "a.number"
    assert refused.fault.found == "7"
    assert refused.fault.allowed == "1 to 5"
    assert errors.name(errors.NOT_NOW) in str(refused)


def test_texts_fit_the_wire():
    for code in errors.TEXT:
        assert len(errors.cause(code)) <= 120
        assert all(ord(char) < 127 for char in errors.cause(code) + errors.remedy(code))

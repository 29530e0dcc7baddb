"""The virtual balance speaks MT-SICS as published, and is no better than a real one."""

from statistics import fmean, stdev

import pytest

from mesohost.calibration.mtsics import parse
from mesosim.balance import CAPACITY_MG, VirtualBalance


class Pan:
    """What lies on it, in mg."""

    mg = 0.0

    def __call__(self, at_s):  # noqa: ARG002
        return self.mg


@pytest.fixture
def pan():
    return Pan()


@pytest.fixture
def balance(pan):
    return VirtualBalance(1, pan)


def ask(balance, command, at_s, wait_s=1.0):
    """The lines that come within a while."""
    balance.write(command.encode() + b"\r\n", at_s)
    return balance.read(at_s + wait_s).decode().splitlines()


def test_a_weight_is_ten_characters_and_its_unit(balance, pan):
    pan.mg = 1_234.5
    (line,) = ask(balance, "S", 1.0)
    assert len(line) == len("S S     100.00 g")
    assert line[:4] == "S S "
    assert float(line[4:14]) * 1_000 == pytest.approx(1_234.5, abs=1.0)
    assert line.endswith(" g")


def test_a_stable_weight_waits_until_it_stands(balance, pan):
    pan.mg = 5_000.0
    balance.disturb(1.0)
    assert ask(balance, "S", 1.0) == []
    assert ask(balance, "SI", 1.5) == ["S I"]
    (line,) = balance.read(1.0 + balance.settle_s + 0.1).decode().splitlines()
    assert parse(line).mass_mg == pytest.approx(5_000.0, abs=2.0)


def test_a_weight_at_once_says_that_it_moves(balance, pan):
    pan.mg = 5_000.0
    balance.disturb(1.0)
    (line,) = ask(balance, "SI", 1.1)
    assert line.startswith("S D ")


def test_a_pan_that_is_never_still_is_given_up(balance):
    balance.disturb(100.0)
    assert ask(balance, "S", 1.0, 30.0) == ["S I"]


@pytest.mark.parametrize(("mg", "sign"), [(CAPACITY_MG + 100, "+"), (-6_000.0, "-")])
def test_too_much_and_too_little_are_told(balance, pan, mg, sign):
    pan.mg = mg
    assert ask(balance, "S", 1.0) == [f"S {sign}"]
    assert ask(balance, "Z", 3.0) == [f"Z {sign}"]
    assert ask(balance, "T", 5.0) == [f"T {sign}"]


def test_zero_is_set_near_zero_only(balance, pan):
    pan.mg = 2_000.0
    assert ask(balance, "Z", 1.0) == ["Z A"]
    assert parse(*ask(balance, "S", 3.0)).mass_mg == pytest.approx(0.0, abs=1.0)
    pan.mg = 30_000.0
    assert ask(balance, "Z", 5.0) == ["Z +"]


def test_a_tare_is_taken_off_told_set_and_cleared(balance, pan):
    pan.mg = 30_000.0
    taken = parse(*ask(balance, "T", 1.0))
    assert (taken.status, taken.mass_mg) == ("S", pytest.approx(30_000.0, abs=10.0))
    pan.mg = 30_010.0
    assert parse(*ask(balance, "S", 3.0)).mass_mg == pytest.approx(10.0, abs=1.0)
    assert parse(*ask(balance, "TA", 5.0)).mass_mg == taken.mass_mg
    assert parse(*ask(balance, "TA 10.0000 g", 7.0)).mass_mg == 10_000.0
    assert ask(balance, "TAC", 9.0) == ["TAC A"]
    assert parse(*ask(balance, "S", 11.0)).mass_mg == pytest.approx(30_010.0, abs=10.0)


@pytest.mark.parametrize(
    ("command", "answer"),
    [("X", "ES"), ("s", "ES"), ("", "ES"), ("S 5", "EL"), ("TA 5 mg", "EL"), ("TA x g", "EL"),
     ("S\x01", "ET")],
)  # fmt: skip
def test_errors_are_told_as_published(balance, command, answer):
    assert ask(balance, command, 1.0) == [answer]


def test_weights_are_repeated_until_something_else_is_asked(balance):
    lines = ask(balance, "SIR", 1.0, 1.05)
    assert len(lines) == 11
    assert {line[:4] for line in lines} == {"S S "}
    assert ask(balance, "@", 2.2)[-1].startswith('I4 A "')
    assert balance.read(9.0) == b""


def test_it_says_what_it_is_and_what_it_knows(balance):
    known = ask(balance, "I0", 1.0)
    assert all(line.startswith("I0 B ") for line in known[:-1])
    assert known[-1].startswith("I0 A ")
    for name in ("I1", "I2", "I3", "I4"):
        assert parse(*ask(balance, name, 3.0)).status == "A"
    balance.switch_on(50.0)
    assert balance.read(51.0).startswith(b'I4 A "')


def test_weights_scatter_by_a_tenth_of_a_milligram_and_drift(balance, pan):
    pan.mg = 20_000.0
    early = [parse(*ask(balance, "S", 2.0 * n)).mass_mg for n in range(50)]
    late = [parse(*ask(balance, "S", 36_000.0 + 2.0 * n)).mass_mg for n in range(50)]
    assert 0.05 < stdev(early) < 0.25
    assert fmean(early) != pytest.approx(20_000.0, abs=1e-6)
    assert abs(fmean(late) - fmean(early)) > 0.2
    assert all(round(mass, 6) == round(mass, 1) for mass in early)


def test_equal_seeds_are_equal_balances(pan):
    pan.mg = 100.0
    told = [ask(VirtualBalance(7, pan), "S", 1.0) for _ in range(2)]
    assert told[0] == told[1]

"""Tracing a virtual gun: samples with their times, losses counted, as CSV, picture and curves."""

import csv
import io
import struct
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from benches import gun_of, idle_world
from hypothesis import given
from hypothesis import strategies as st

from mesofw.core import errors, states
from mesofw.core.seen import SWITCHES
from mesohost import cli
from mesohost.cli import curves
from mesohost.cli.exits import Exit
from mesohost.drawing.traces import Variable, _thinned, draw_traces
from mesohost.gun import Gun
from mesohost.tracing import NAMES, Traced
from mesohost.troubles import GunRefused
from mesosim.hands import Hands
from mesosim.port import WorldPort
from mesosim.world import World

NEAR_US = 200


class Narrow(WorldPort):
    """A port that is read for a moment of each second only."""

    def read(self, timeout_s: float) -> bytes:
        world = self.world
        until_us = world.now_us + int(timeout_s * 1e6)
        while world.now_us < until_us:
            world.board.host_reads = world.now_us % 1_000_000 < 50_000
            data = super().read(0.01)
            if data:
                return data
        return b""


@pytest.fixture
def world() -> World:
    return idle_world()


def test_every_sample_arrives_with_its_time(world):
    traced = gun_of(world).trace(["force_mn", "state"], 1_000, 3_000)
    assert len(traced.rows) == len(traced.at_us) == 3_000
    assert (traced.lost, traced.missing) == (0, 0)
    assert all(abs(gap - 1_000) <= NEAR_US for gap in traced.gaps_us())
    assert set(traced.column("state")) == {states.IDLE}


def test_it_goes_on_whatever_the_gun_does(world):
    hands = Hands(world)

    def take(traced: Traced) -> bool:
        if world.state == states.IDLE:
            hands.set("stop", 1)
        return states.FAULT in traced.column("state")

    traced = gun_of(world).trace(["state", "switches"], 1_000, take=take)
    assert traced.column("state")[0] == states.IDLE
    stop = 1 << SWITCHES.index("stop")
    assert [not switches & stop for switches in traced.column("switches")] == [
        state == states.IDLE for state in traced.column("state")
    ]


def test_it_is_ended_by_whoever_takes_the_samples(world):
    gun = gun_of(world)
    traced = gun.trace(["force_mn"], 1_000, take=lambda came: len(came.rows) >= 1_000)
    assert 1_000 <= len(traced.rows) < 1_200
    world.board.to_host.clear()
    world.run_for(1_000_000)
    assert not world.board.to_host


def test_a_trace_outlasts_its_credit(world):
    traced = gun_of(world).trace(NAMES, 500, 40_000)
    # Some 40 bytes a sample: more than what one request grants.
    assert len(traced.rows) == 40_000
    assert (traced.lost, traced.missing) == (0, 0)


def test_a_slow_link_loses_samples_and_each_is_counted(world):
    traced = Gun(Narrow(world)).trace(["force_mn"], 500, 8_000)
    assert len(traced.rows) + traced.lost == 8_000
    assert traced.missing == 0
    assert traced.lost > 1_000
    widest_us = max(traced.gaps_us())
    assert widest_us > 100_000


def test_a_link_that_spoils_lines_costs_their_samples_only(world):
    traced = gun_of(world, 3).trace(["force_mn", "state"], 1_000, 3_000)
    assert len(traced.rows) + traced.missing + traced.lost == 3_000
    assert 0 < traced.missing < 2_000
    assert set(traced.column("state")) == {states.IDLE}
    times = traced.at_us
    assert times == sorted(times)


def test_it_waits_until_nothing_moves():
    world = World(1)
    while world.state != states.HOMING or not world.plant.moving:
        world.run_for(1_000)
    traced = gun_of(world).trace(["state"], 1_000, 10)
    assert set(traced.column("state")) == {states.IDLE}


def test_a_name_that_is_none_is_refused(world):
    with pytest.raises(GunRefused) as refused:
        gun_of(world).trace(["depth"], 1_000, 10)
    assert refused.value.code == errors.NOT_A_CHOICE


def line(values: list[int], number: int = 0) -> bytes:
    """A line of one variable, a sample each millisecond."""
    begun = struct.pack("<IIIi", 7 + number, 1000 * number, 0, values[0])
    return begun + b"".join(struct.pack("<HH", 1_000, value & 0xFFFF) for value in values[1:])


@given(st.integers(-(2**31), 2**31 - 1), st.lists(st.integers(-32_767, 32_767), max_size=40))
def test_values_are_put_together_from_their_lower_halves(first, changes):
    values = [first]
    for change in changes:
        values.append(values[-1] + change)
    traced = Traced(["force_mn"])
    traced.take(0, line(values))
    assert traced.column("force_mn") == values
    assert traced.at_us == [7_000 + 1_000 * place for place in range(len(values))]


def test_a_line_that_comes_twice_counts_once_and_one_that_is_cut_not_at_all():
    traced = Traced(["force_mn"])
    for number, data in ((0, line([1, 2])), (0, line([1, 2])), (2, line([3, 4], 2)[:-1])):
        traced.take(number, data)
    assert traced.column("force_mn") == [1, 2]
    traced.take(4, line([5], 4))
    assert traced.column("force_mn") == [1, 2, 5]
    assert traced.missing == 2


@pytest.fixture
def served(world, monkeypatch) -> None:
    """Whatever port is named, it is the world's."""
    monkeypatch.setattr("mesohost.gun.open_port", lambda _: WorldPort(world))
    monkeypatch.setattr("mesohost.devices.find", lambda name: name)


@pytest.mark.usefixtures("served")
def test_a_table_holds_every_sample(tmp_path: Path, capsys):
    table = tmp_path / "trace.csv"
    asked = ["trace", "--port", "x", "supply_mv", "state", "--period", "2ms", "--seconds", "2.2"]
    assert cli.run([*asked, "--csv", str(table)]) == Exit.FINE
    head, *rows = list(csv.reader(table.open()))
    assert head == ["at_us", "supply_mv", "state"]
    assert len(rows) == 1_100
    gaps = [int(later[0]) - int(before[0]) for before, later in pairwise(rows)]
    assert all(abs(gap - 2_000) <= NEAR_US for gap in gaps)
    assert {row[2] for row in rows} == {str(states.IDLE)}
    told = capsys.readouterr().out
    assert "1,100 samples, none lost" in told
    assert "state idle" in told
    assert f"written: {table}" in told


@pytest.mark.usefixtures("served")
def test_a_picture_is_drawn(tmp_path: Path):
    picture = tmp_path / "trace.png"
    asked = ["trace", "--port", "x", "force_mn", "--seconds", "0.5", "--png", str(picture)]
    assert cli.run(asked) == Exit.FINE
    assert picture.read_bytes()[:4] == b"\x89PNG"


@pytest.mark.parametrize("place", [0, 1, 70_001, 99_999])
def test_a_peak_of_one_sample_is_drawn(place):
    times = np.arange(100_000) / 1000
    values = np.zeros(100_000)
    values[place] = 5.0
    shown_s, shown = _thinned(times, values)
    assert len(shown) < 10_000
    assert list(shown_s[shown == 5.0]) == [times[place]]


def test_a_picture_names_states_and_units():
    page = io.BytesIO()
    variables = [
        Variable("force_mn", "the force", "N", [0.1, 0.2]),
        Variable("state", "the state", "", [3.0, 9.0], states.STATES),
    ]
    draw_traces([0.0, 1.0], variables, page, title="Trace", facts="2 samples", kind="svg")
    told = page.getvalue().decode()
    for words in ("force_mn: the force", ">N<", ">idle<", ">fault<", "2 samples"):
        assert words in told
    with pytest.raises(ValueError, match="no sample"):
        draw_traces([], variables, page, kind="svg")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["depth"], "is not one of"),
        (["force_mn", "--period", "2"], "write number and unit"),
        (["force_mn", "--period", "50us"], "100 µs to 10 s"),
        (["force_mn", "--png", "x.pdf"], ".png"),
        ([], "NAME"),
    ],
)
def test_what_is_called_wrongly_is_told(arguments, said, capsys):
    assert cli.run(["trace", *arguments]) == Exit.USAGE
    assert said in capsys.readouterr().err


def test_a_file_that_cannot_be_written_is_told_before_the_gun_is_asked(capsys):
    assert cli.run(["trace", "force_mn", "--csv", "nowhere/x.csv"]) == Exit.UNUSABLE
    assert "check the folder" in capsys.readouterr().err


def test_the_help_has_every_name_with_its_unit(capsys):
    assert cli.run(["trace", "--help"]) == Exit.FINE
    told = capsys.readouterr().out
    rows = {words[0]: words for words in map(str.split, told.splitlines()) if words}
    for name in NAMES:
        assert name in rows
    assert rows["force_mn"][1] == "mN"
    assert rows["temperature_dc"][1] == "0.1°C"
    assert rows["state"][1:3] == ["0", "boot,"]


def test_a_curve_shows_its_peak_and_its_foot():
    values = [0] * 1_000
    values[500] = 9
    text = curves.curve(values, 20)
    assert len(text) == 20
    assert text.count("█") == 1
    assert text.count("▁") == 19
    assert curves.curve([4, 4], 20) == "▁▁"
    assert curves.curve([], 20) == ""


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def test_a_terminal_gets_a_drawing_that_follows(world, monkeypatch):
    out = Terminal()
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "100")
    with curves.shown(True) as show:
        gun_of(world).trace(["force_mn", "supply_mv"], 10_000, 300, show)
    assert "supply_mv" in out.getvalue()
    assert out.getvalue().count("samples") > 5


@pytest.mark.usefixtures("served")
def test_ctrl_c_ends_it_on_the_gun_too(world, monkeypatch, capsys):
    read = WorldPort.read
    until_us = world.now_us + 2_000_000

    def broken_off(port: WorldPort, timeout_s: float) -> bytes:
        if world.now_us > until_us:
            monkeypatch.setattr(WorldPort, "read", read)
            raise KeyboardInterrupt
        return read(port, timeout_s)

    monkeypatch.setattr(WorldPort, "read", broken_off)
    assert cli.run(["trace", "--port", "x", "force_mn"]) == Exit.FINE
    assert "none lost" in capsys.readouterr().out
    world.board.to_host.clear()
    world.run_for(1_000_000)
    assert not world.board.to_host

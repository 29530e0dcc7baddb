"""What may be filled into a scenario's steps is checked when its file is read; a hold that cannot
come to its end says so soon; files that cannot be written are told before the long work."""

import pytest

from mesofw.core.door import Inputs
from mesohost import cli
from mesohost.cli import rehearse, scenario
from mesohost.cli.exits import Exit
from mesosim.holes import HOLES, STICKING
from mesosim.scenario import ScenarioError, read_scenario
from mesosim.stage import Stage, StepFailed
from mesosim.verbs import VERBS, do, read_step
from tests.session.layers import EXAMPLES, ROOT, example, gun_of, world_on

REFUSED = {
    "until redy": ["no such state: redy", "did you mean ready?", "allowed: boot, self_test"],
    "until redy within 5 s": ["no such state: redy"],
    "until ready within 5 mV": ["5 mV is no time"],
    "expect state armed": ["no such state: armed; allowed: boot"],
    "expect light red": ["no such light: red", "allowed: off, idle, wait, ready, shot, low, alarm"],
    "expect sound hihg": ["no such sound: hihg", "did you mean high?"],
    "expect trouble oclusion": ["no such trouble: oclusion", "did you mean occlusion?", "estop"],
    "expect trouble paused": ["no such trouble: paused"],
    "press lever": ["no such switch: lever", "allowed: trigger, pedal, knob, foot"],
    "release triger": ["no such switch: triger", "did you mean trigger?"],
    "hold lever for 1 shots": ["no such switch: lever"],
    "hold trigger for -1 shots": ["-1 is no count", "a whole number from 0"],
    "hold trigger for many shots": ["many is no count"],
    "turn 1.5": ["1.5 is no number of detents"],
    "slip carrige": ["no such axis: carrige", "did you mean carriage?", "allowed: carriage, plung"],
    "grip needle": ["no such axis: needle"],
    "stick lever at 1": ["no such part: lever", "allowed: trigger", "carriage home, plunger home"],
    "stick carriage_home at 1": ["did you mean carriage home?"],
    "stick seated at 1": ["no such part: seated", "did you mean seat?"],
    "stick stop at 2": ["no such level: 2; allowed: 0, 1"],
    "unstick press": ["no such part: press"],
    "wait 5 mV": ["5 mV is no time", "a number and one of µs, us, ms, s, min, as in 1.5 s"],
    "wait 5": ["5 is no time"],
    "wait s": ["s is no time"],
    "wait -5 s": ["-5 s is no time"],
    "wait %s s" % ("9" * 400): ["is no time"],
    "supply 5 s": ["5 s is no voltage", "mV, V"],
    "temperature 80 V": ["80 V is no temperature"],
    "expect given 3 mm": ["3 mm is no volume"],
    "expect shots 2.5": ["2.5 is no count"],
    "seat 2 mL filled 1 mL with 30G 4 mm": ["no such size: 2 mL", "allowed: 1 mL, 3 mL"],
    "seat 3 mL filled 1 mm with 30G 4 mm": ["1 mm is no volume"],
    "seat 3 mL filled 1 mL with 35G 4 mm": ["no such gauge: 35G", "allowed: 27G, 28G"],
    "seat 3 mL filled 1 mL with 30G 4 mL": ["4 mL is no length"],
    "seat 3 mL filled 9 mL with 30G 4 mm": ["no filling of a 3 mL syringe", "0 µL to 3000 µL"],
    "seat 3 mL filled 1 mL with 30G 40 mm": ["40 mm is no needle's length", "4 mm to 13 mm"],
    "reach middle": ["no such phase: middle", "allowed: advance, dispense"],
    "encoder carriage off": ["no such way of counting: off", "allowed: dead, reversed, good"],
    "fail lamp": ["no such unit: lamp", "allowed: driver, journal"],
    "damage setings": ["no such stored thing: setings", "did you mean settings?"],
    "set clock to 2031-13-01": ["2031-13-01 is no date", "as in 2031-01-31"],
    "expect last shot done": ["no such ending: done", "allowed: complete, partial, interrupted"],
    "expect event estop": ["no such event: estop", "allowed: boot, clock"],
    "expect event fault paused": ["no such trouble: paused"],
    "expect log odd": ["no such state of the log: odd; allowed: whole, broken"],
    "bench jump": ["no such act: jump", "allowed: read, home, seek, hold, release, leave"],
    "bench needle by 100": ["no such axis: needle"],
    "bench carriage by 1.5": ["1.5 is no number of steps"],
    "jump": ["no such step: 'jump'", "wait {time}"],
}


def test_every_wrong_filling_is_refused_when_the_file_is_read(tmp_path):
    path = tmp_path / "wrong.toml"
    path.write_text("steps = %r\n" % ["until idle", *REFUSED], encoding="utf-8")
    with pytest.raises(ScenarioError) as error:
        read_scenario(path)
    told = str(error.value).split(f"{path}: ")[1:]
    for number, (fault, (step, texts)) in enumerate(zip(told, REFUSED.items(), strict=True), 2):
        assert fault.startswith(f"steps[{number}]: ")
        for text in (repr(step), *texts):
            assert text in fault, step


def test_each_kind_of_hole_is_used_and_takes_its_example():
    used = {name for name in HOLES if any("{%s}" % name in pattern for pattern, _ in VERBS)}
    assert used == set(HOLES)
    for hole in HOLES.values():
        hole.read(hole.example)


@pytest.mark.parametrize(("line", "values"), [
    ("wait 1.5 s", (1_500_000,)),
    ("wait  20ms", (20_000,)),
    ("until ready within 2 min", ("ready", 120_000_000)),
    ("seat 3 mL filled 3 mL with 30G 4 mm", ("3 mL", 3_000_000, "30G", 4_000)),
    ("stick carriage home at 0", ("carriage home", "0")),
    ("temperature 30.5 °C", (305,)),
    ("turn -3", (-3,)),
    ("expect trouble 0", ("0",)),
    ("expect screen at 5 mV", ("at 5 mV",)),
])  # fmt: skip
def test_values_are_in_the_units_of_the_plant(line, values):
    assert read_step(line)[1] == values


def stage_of(world, name):
    text = example(name).text
    return Stage(world, text, lambda: gun_of(world).load(text))


def do_all(stage, *steps):
    for step in steps:
        do(stage, step)


@pytest.mark.parametrize("part", STICKING)
def test_what_sticks_is_seen_so_until_it_no_longer_does(part, tmp_path):
    with world_on("cpython", tmp_path) as world:
        stage = Stage(world, None, lambda: None)
        do(stage, "until idle")
        before = sampled(world, part)
        do(stage, f"stick {part} at {1 - before}")
        assert sampled(world, part) == 1 - before
        do(stage, f"unstick {part}")
        assert sampled(world, part) == before


def sampled(world, part):
    inputs = Inputs()
    world.plant.sample(inputs)
    return getattr(inputs, STICKING[part])


def test_a_stuck_stop_stops_the_gun(tmp_path):
    with world_on("cpython", tmp_path) as world:
        stage = Stage(world, None, lambda: None)
        do_all(stage, "until idle", "stick stop at 1", "wait 1 s", "expect trouble estop")


ARMED = ("until idle", "load", "confirm", "fit", "place")


def test_a_hold_for_more_shots_than_a_single_zone_gives_fails_soon(tmp_path):
    with world_on("cpython", tmp_path) as world:
        stage = stage_of(world, "point-by-point")
        do_all(stage, *ARMED)
        began_us = world.now_us
        with pytest.raises(StepFailed) as error:
            do(stage, "hold trigger for 3 shots")
        assert world.now_us - began_us < 8_000_000
        assert "trigger held for 3 shots, but 1 came, none more for 5 s" in str(error.value)
        assert "single zone" in str(error.value)
        assert "the gun is in ready" in str(error.value)
        assert not world.plant.trigger


@pytest.mark.parametrize(("before", "state"), [
    (("lift",), "ready"), (("click", "until paused"), "paused"), (("unseat", "wait 1 s"), "fault"),
])  # fmt: skip
def test_a_hold_that_gives_no_shot_at_all_fails_soon(before, state, tmp_path):
    with world_on("cpython", tmp_path) as world:
        stage = stage_of(world, "face-nappage")
        do_all(stage, *ARMED, *before)
        began_us = world.now_us
        with pytest.raises(StepFailed) as error:
            do(stage, "hold trigger for 2 shots")
        assert world.now_us - began_us == 5_000_000
        assert "but 0 came, none more for 5 s" in str(error.value)
        assert f"the gun is in {state}" in str(error.value)


def test_a_hold_goes_on_as_long_as_shots_come(tmp_path):
    with world_on("cpython", tmp_path) as world:
        stage = stage_of(world, "face-nappage")
        do_all(stage, *ARMED, "hold trigger for 40 shots", "expect shots 40")


def never(*_arguments, **_more):
    raise AssertionError("the long work began")


@pytest.mark.parametrize("wrong", ["none/out.svg", "file/out.svg"])
@pytest.mark.parametrize(("module", "work", "arguments"), [
    (scenario, "play", ["scenario", "run", ROOT / "tests/scenarios/no-program.toml", "--junit"]),
    (rehearse, "rehearse", ["rehearse", EXAMPLES / "papules.toml", "--picture"]),
])  # fmt: skip
def test_a_file_that_cannot_be_written_is_told_before_the_work(
    module, work, arguments, wrong, tmp_path, monkeypatch, capsys
):
    monkeypatch.setattr(module, work, never)
    (tmp_path / "file").write_text("")
    out = tmp_path / wrong
    assert cli.run([*map(str, arguments), str(out)]) == Exit.UNUSABLE
    told = capsys.readouterr()
    assert told.out == ""
    assert f"mesogun: {out}: cannot be written: {out.parent} is no folder" in told.err
    assert not out.exists()


def test_a_file_that_fails_at_the_end_is_told_too(tmp_path, monkeypatch, capsys):
    def lost(*_arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(rehearse, "rehearse", lambda *_, **__: None)
    monkeypatch.setattr(rehearse, "draw", lost)
    out = tmp_path / "out.svg"
    program = EXAMPLES / "papules.toml"
    arguments = ["rehearse", str(program), "--today", "2026-01-15", "--picture", str(out)]
    assert cli.run(arguments) == Exit.UNUSABLE
    assert f"{out}: cannot be written: No space left on device" in capsys.readouterr().err

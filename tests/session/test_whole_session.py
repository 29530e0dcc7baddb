"""One complete session, from a checked program to a verified log, on each layer."""

import pytest

from mesofw.core import errors
from mesohost.records import decode, verify
from tests.session.layers import LAYERS, example, gun_of, idle, operator_of, world_on


def run_session(world, name):
    """Load, carry out, pull; gives (program, raw records)."""
    program = example(name)
    idle(world)
    gun = gun_of(world)
    info = gun.load(program.text)
    assert info.sha256 == program.sha256
    operator_of(world, program).session()
    world.run_for(5_000_000)
    return program, list(gun.pull(1))


@pytest.mark.parametrize("layer", LAYERS)
def test_every_shot_of_the_program_is_done_and_recorded(layer, tmp_path):
    with world_on(layer, tmp_path) as world:
        program, raw = run_session(world, "papules")
    assert not world.board.errors
    assert verify(raw) is None
    shots = [record for record in map(decode, raw) if record.is_shot]
    assert len(shots) == program.shots
    assert sum(shot.volume_nl for shot in shots) == program.total_nl
    for number, zone in enumerate(program.zones, 1):
        own = [shot for shot in shots if shot.zone == number]
        assert [shot.zone_shots for shot in own] == list(range(1, zone.shots + 1))
        assert {shot.depth_um for shot in own} == {zone.depth_um}
        assert all(abs(shot.depth_measured_um - zone.depth_um) <= 10 for shot in own)
        assert all(abs(shot.volume_measured_nl - zone.volume_nl) <= 200 for shot in own)
    assert shots[-1].session_nl == program.total_nl


def test_both_layers_write_the_same_log_to_the_bit(tmp_path):
    logs = []
    for layer in LAYERS:
        with world_on(layer, tmp_path / layer) as world:
            logs.append(run_session(world, "face-nappage")[1])
    assert logs[0] == logs[1]


def test_what_was_steered_is_what_was_stepped_and_close_to_what_was_true(tmp_path):
    with world_on("cpython", tmp_path, seed=7) as world:
        program, raw = run_session(world, "point-by-point")
    shots = [record for record in map(decode, raw) if record.is_shot]
    true = [given for given in world.plant.given if given.depth_um > 0]
    assert len(true) == len(shots)
    for shot, given in zip(shots, true, strict=True):
        assert abs(given.depth_um - shot.depth_um) <= 50
        assert abs(given.tissue_nl - shot.volume_nl) <= max(1_000, shot.volume_nl * 0.05)
    assert program.shots == len(shots)


def test_a_million_nanolitres_of_steps_do_not_drift(tmp_path):
    with world_on("cpython", tmp_path) as world:
        program, raw = run_session(world, "scalp")
    shots = [record for record in map(decode, raw) if record.is_shot]
    stepped_nl = sum(shot.volume_stepped_nl for shot in shots)
    # Each record rounds to a nanolitre; a step is some nanolitres, and at most one is still owed.
    assert abs(stepped_nl - program.total_nl) <= len(shots) + 50


def test_events_tell_the_session(tmp_path):
    with world_on("cpython", tmp_path) as world:
        _, raw = run_session(world, "papules")
    codes = [record.code for record in map(decode, raw) if not record.is_shot]
    told = [code for code in codes if code != errors.EVENT_CLOCK]
    assert told == [
        errors.EVENT_BOOT,
        errors.EVENT_PROGRAM,
        errors.EVENT_CONFIRMED,
        errors.EVENT_LOADED,
        errors.EVENT_PRIMED,
        errors.EVENT_ZONE,
        *[errors.EVENT_PAUSED, errors.EVENT_RESUMED, errors.EVENT_ZONE] * 2,
        errors.EVENT_ENDED,
    ]

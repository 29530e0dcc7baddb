"""The trigger's own way to the pulses: armed, it starts what is loaded in the very microsecond."""

from mesofw.core.door import Inputs
from tests.plant.bench import out, plant

FIRED_US = 12_345


def armed(**more):
    gun = plant(**more)
    gun.motion_load([out(500.0), out(-500.0)])
    gun.arming.arm()
    gun.advance(FIRED_US)
    return gun


def fired(gun):
    inputs = Inputs()
    gun.sample(inputs)
    return inputs.fired


def close(gun, trigger=1):
    gun.trigger = trigger
    gun.changed()


def test_an_armed_run_starts_as_the_trigger_closes_and_only_once():
    gun = armed()
    assert (gun.moving, fired(gun)) == (False, 0)
    close(gun)
    assert (gun.moving, fired(gun)) == (True, 1)
    while gun.moving:
        gun.advance(gun.next_us())
    close(gun, 0)
    close(gun)
    assert (gun.moving, fired(gun)) == (False, 1)


def test_nothing_starts_that_is_not_armed_or_not_allowed_to():
    for spoil in (
        lambda gun: gun.arming.disarm(),
        lambda gun: gun.motion_stop(),
        lambda gun: gun.motion_load([out(500.0)]),
        lambda gun: gun.set_stop(1),
        lambda gun: setattr(gun, "contact", 0),
        lambda gun: gun.stuck.update(trigger=0),
        lambda gun: gun.stuck.update(contact=0),
    ):
        gun = armed()
        spoil(gun)
        close(gun)
        assert (gun.moving, fired(gun)) == (False, 0)


def test_a_trigger_that_is_closed_already_starts_nothing():
    gun = plant()
    close(gun)
    gun.motion_load([out(500.0)])
    gun.arming.arm()
    gun.changed()
    assert not gun.moving
    close(gun, 0)
    close(gun)
    assert gun.moving


def test_disarming_tells_whether_it_came_too_late():
    gun = armed()
    assert not gun.arming.disarm()
    gun.arming.arm()
    close(gun)
    assert gun.arming.disarm()
    gun.motion_start()
    assert not gun.arming.disarm()


def test_parts_that_fail_are_sampled():
    gun = plant()
    gun.faulty = 8
    inputs = Inputs()
    gun.sample(inputs)
    assert inputs.faulty == 8

"""What the virtual operator does where the gun will not go on."""

import msgspec
import pytest

from mesohost.gun import Gun
from mesosim.hands import HandsFailed
from mesosim.operator import Operator
from mesosim.port import WorldPort
from mesosim.world import World
from tests.bench import programs


def test_an_operator_gives_up_a_zone_that_the_gun_refuses_and_says_what_it_shows():
    program = programs.burst(1, 1, depth_um=2_000, volume_nl=4_000, rate_per_min=60)
    first, second = program.zones
    # Less than a 3 mL syringe can measure out; the gun tells when the zone is armed.
    little = msgspec.structs.replace(second, volume_nl=1_000)
    program = msgspec.structs.replace(program, zones=(first, little))
    world = World()
    sections = msgspec.to_builtins(program)
    operator = Operator(world, sections, sections["zones"])
    operator.hands.until("idle")
    Gun(WorldPort(world)).load(program.text)
    with pytest.raises(HandsFailed, match=r"does not go on; .*cannot measure"):
        operator.session()

"""Random sessions on the virtual gun, the same ones in every run: a few here, many in the long
run."""

from mesofw.core import states
from tests.explore import machine


def test_random_sessions_keep_every_rule(capsys) -> None:
    done = machine.run(sessions=35, acts=20)
    with capsys.disabled():
        print("\n" + machine.told(done))
    assert done.sessions >= 20
    assert done.shots >= 20
    assert set(done.visited) >= set(range(1, len(states.STATES)))

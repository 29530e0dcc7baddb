"""What must hold of the engineer's key beside what core's own tests say."""

import pytest

from mesofw.core import errors
from tests.core.test_keyed import idle, limit

FIRST = 500_000


@pytest.mark.requirement("SR-214")
@pytest.mark.parametrize(("waited_s", "code"), [(55, 0), (61, errors.NO_CHALLENGE)])
def test_a_challenge_is_answered_within_a_minute_or_void(waited_s: int, code: int) -> None:
    bench, host = idle()
    challenge = host.ask("challenge")["challenge"]
    bench.run(waited_s * 1_000_000)
    limit(host, FIRST, challenge=challenge)
    answer = host.answer(100_000)
    if answer is None:
        bench.click()
        answer = host.answer()
    assert answer.get("no", {"code": 0})["code"] == code
    assert (bench.gun.settings["shot_nl"] == FIRST) == (code == 0)


@pytest.mark.requirement("SR-214")
def test_noting_values_keeps_a_challenge_for_half_a_minute_and_no_longer() -> None:
    bench, host = idle()
    challenge = host.ask("challenge")["challenge"]
    bench.run(50_000_000)
    host.ask("stage", record="settings", field="session_nl", value=5_000_000)
    bench.run(31_000_000)
    limit(host, FIRST, challenge=challenge)
    assert host.answer()["no"]["code"] == errors.NO_CHALLENGE

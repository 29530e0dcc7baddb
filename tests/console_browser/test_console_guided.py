"""A guided calibration that is gone through on the page, from its first step to the file."""

import re
from pathlib import Path

import pytest
from consoles import Console, Person

from mesohost.calibration import record

_SEATINGS = 5


@pytest.fixture(scope="module")
def training():
    with Console("--training") as console:
        yield console


def test_a_session_is_gone_through_to_an_accepted_calibration(chromium, training):
    person = Person(chromium, training.url)
    person.enter(role=1)
    person.go("/bench")
    person.tap("begin-empty", "answer")
    # What nobody filled in is asked for again, and what was filled in stays.
    person.type("instrument", "GB-5")
    person.tap("answer")
    person.page.locator(".notice.bad", has_text="operator").wait_for()
    assert person.at("instrument").input_value() == "GB-5"
    person.type("operator", "OP2")
    person.tap("answer")
    for number in range(_SEATINGS):
        # Each seating is asked for on its own: the step that is shown is another one.
        person.sees(f"Step {4 + 3 * number} of")
        person.sees("Press the stopper of a dry syringe")
        person.tap("answer")
    person.page.locator(".gun-screen").wait_for()
    shown = person.page.locator(".gun-screen").inner_text()
    assert "62" in shown
    assert "limits           all 3 are kept" in shown
    person.look("bench-result", whole=True)
    person.tap("answer")
    person.sees("It was accepted.")
    told = person.page.get_by_text("Written:").inner_text()
    held = record.read(Path(re.sub(r"^Written: ", "", told)))
    assert held.accepted
    assert (held.kind, held.operator, held.board) == ("empty", "OP2", "virtual-1")
    # The next one begins anew.
    person.tap("begin-empty")
    person.sees("Step 1 of")
    person.tap("leave")
    person.at("begin-empty").wait_for()
    assert person.faults == []
    assert person.errors == []
    person.close()

"""A guided session: state in, event in, next step out."""

import msgspec
import pytest

from mesohost.calibration import session
from mesohost.calibration.session import (
    CHOICE,
    NUMBER,
    Action,
    Confirm,
    Definition,
    Entry,
    Form,
    Info,
    Result,
    WrongAnswer,
)

FORM = Form(
    "who",
    "Who",
    (
        Entry(name="name", label="name"),
        Entry(name="size", label="size", kind=CHOICE, choices=("small", "large"), default="small"),
        Entry(name="mass", label="mass", kind=NUMBER, unit="g", low=1.0, high=5.0),
    ),
)


def steps(answers):
    known = [Info("intro", "Read this."), FORM]
    if "who" in answers:
        known += [Confirm("wet", "Fill it."), Action("one", "", "move"), Confirm("look", "Look."),
                  Action("two", "", "move")]  # fmt: skip
    if "two" in answers:
        known.append(Result("result", "", (), acceptable=answers["two"] == "fine"))
    return known


def again(answers):  # noqa: ARG001
    return (Confirm("seated", "Seat it."), Action("home", "", "home"))


KIND = Definition(name="test", version=1, title="Test", steps=steps, again=again)
WHO = {"name": "OP2", "mass": "2.5"}


def upto(step_id, **answers):
    """A state whose next step is the named one."""
    given = {"intro": True, "who": WHO, "wet": True, "one": 1, "two": "fine", **answers}
    state = session.begin(KIND, "2026-01-31T10:00:00+00:00")
    while (step := session.next_step(KIND, state)) is not None and step.id != step_id:
        state = session.take(KIND, state, step, given.get(step.id, True))
    return state, step


def test_steps_come_in_order_and_more_of_them_with_the_answers():
    state, last = upto("nothing")
    assert last is None
    assert list(state.answers) == ["intro", "who", "wet", "one", "look", "two", "result"]
    assert state.answers["who"] == {"name": "OP2", "size": "small", "mass": 2.5}


@pytest.mark.parametrize(
    "answer",
    [None, "no", {}, {**WHO, "name": " "}, {**WHO, "name": "a\nb"}, {**WHO, "name": "x" * 81},
     {**WHO, "size": "medium"}, {**WHO, "mass": "x"}, {**WHO, "mass": 5.1}, {**WHO, "mass": "nan"},
     {**WHO, "mass": True}, {**WHO, "colour": "red"}],
)  # fmt: skip
def test_a_form_takes_nothing_that_it_does_not_ask_for(answer):
    state, step = upto("who")
    with pytest.raises(WrongAnswer):
        session.take(KIND, state, step, answer)


def test_what_is_confirmed_is_confirmed():
    state, step = upto("wet")
    for answer in (False, None, "yes"):
        with pytest.raises(WrongAnswer):
            session.take(KIND, state, step, answer)


def test_a_result_out_of_limits_cannot_be_accepted():
    state, step = upto("result", two="poor")
    with pytest.raises(WrongAnswer, match="limits"):
        session.take(KIND, state, step, True)
    assert session.take(KIND, state, step, False).answers["result"] is False


def test_after_a_mishap_the_bench_is_mended_first_and_the_step_done_again_whole():
    state, step = upto("two")
    state = session.broken(KIND, state, "now", "the plug was pulled")
    seen = []
    while (step := session.next_step(KIND, state)).id != "two":
        seen.append(step.id)
        state = session.take(KIND, state, step, True)
    assert seen == ["again-1-seated", "again-1-home"]
    assert state.mishaps[0].step == "two"
    # And once more, under ids of its own.
    state = session.broken(KIND, state, "later", "again")
    assert session.next_step(KIND, state).id == "again-2-seated"


def test_mending_that_fails_is_done_again_too():
    state, _ = upto("two")
    state = session.broken(KIND, state, "now", "the plug was pulled")
    state = session.take(KIND, state, session.next_step(KIND, state), True)
    state = session.broken(KIND, state, "now", "and again")
    assert session.next_step(KIND, state).id == "again-2-seated"


@pytest.mark.parametrize(
    ("at", "next_id"),
    [("intro", "intro"), ("who", "who"), ("one", "one"), ("look", "again-1-seated"),
     ("two", "again-1-seated"), ("result", "result")],
)  # fmt: skip
def test_a_session_goes_on_where_it_was_and_mends_what_had_begun_to_move(at, next_id):
    state, _ = upto(at)
    found = msgspec.json.decode(msgspec.json.encode(state), type=session.State)
    assert found == state
    assert session.next_step(KIND, session.resumed(KIND, found, "now")).id == next_id


def test_every_step_can_be_sent_to_a_console():
    for step in [*steps({"who": WHO, "two": "fine"}), *again({})]:
        sent = msgspec.json.decode(msgspec.json.encode(step), type=session.Step)
        assert sent == step


def test_progress_counts_what_is_known():
    state, _ = upto("one")
    assert session.progress(KIND, state) == (3, 6)

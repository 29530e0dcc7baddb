"""Runs a session: asks the front or the bench for each step's answer, and journals it."""

import datetime
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from mesohost.calibration import session
from mesohost.calibration.journal import Journal
from mesohost.calibration.session import Action, Definition, State, Step, WrongAnswer
from mesohost.troubles import GunRefused, Trouble

# What can do an action: arguments in, answer out.
Actions = Mapping[str, Callable[[Mapping[str, Any]], object]]
# The same step failing so often in a row is no accident.
TRIES = 3


class NotLetIn(GunRefused):
    """The gun lets no session move it: it was refused there, or the key is another. A step that is
    done again mends nothing."""


class Front(Protocol):
    """Whoever shows steps to people: a terminal, a console."""

    def answer(self, step: Step, done: int, known: int) -> object:
        """What is answered to a step that is no action."""
        ...

    def working(self, step: Action, done: int, known: int) -> None:
        """An action begins."""
        ...

    def wrong(self, why: str) -> None:
        """The answer was not taken; the step comes again."""
        ...

    def failed(self, step: Step, why: str) -> None:
        """An action failed; it is done again."""
        ...


def now_text() -> str:
    """The time in UTC, to the second."""
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")


def run(
    definition: Definition,
    journal: Journal,
    front: Front,
    actions: Actions,
    now: Callable[[], str] = now_text,
) -> State:
    """Go through a session from its journal on; its last state. Raises what an action raises once
    it has failed TRIES times in a row, NotLetIn at once, and FileTrouble: the session can be
    resumed then."""
    held = journal.load(definition)
    state = session.resumed(definition, held, now()) if held else session.begin(definition, now())
    journal.save(state)
    failures = 0
    while (step := session.next_step(definition, state)) is not None:
        place = session.progress(definition, state)
        try:
            if isinstance(step, Action):
                front.working(step, *place)
                answer = actions[step.name](step.arguments)
            else:
                answer = front.answer(step, *place)
            state = session.take(definition, state, step, answer)
            failures = 0 if step.id in session.planned(definition, state) else failures
        except WrongAnswer as wrong:
            front.wrong(str(wrong))
            continue
        except Trouble as trouble:
            failures += 1
            state = session.broken(definition, state, now(), trouble.what)
            journal.save(state)
            if isinstance(trouble, NotLetIn):
                raise
            front.failed(step, str(trouble))
            if failures == TRIES:
                raise
        journal.save(state)
    return state

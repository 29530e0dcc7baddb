"""A guided calibration that a page goes through: the session of `mesohost.calibration` runs in a
thread of its own and waits there for what the page answers."""

import queue
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, cast

from mesohost.calibration.balance import Reading
from mesohost.calibration.session import NUMBER, Action, Entry, Form, Step, WrongAnswer, entered
from mesohost.troubles import Trouble

# What may be offered as a form's answers, by the entries' names.
Hints = Callable[[Form], Mapping[str, object]]
_SHOWN = Entry(
    name="g", label="the balance, once it stands still", kind=NUMBER, unit="g", low=-200, high=2_000
)


class BrokenOff(Exception):
    """Somebody ended the session; it can be gone on with."""


class Guided:
    """One session under way. `shown` is the step that waits for an answer, `doing` what the bench
    does, `said` what went wrong last, `path` the file that came of it; `version` counts changes."""

    def __init__(self, kind: str):
        self.kind = kind
        self.shown: Step | None = None
        self.place = (0, 0)
        self.doing = ""
        self.said = ""
        self.at_gun = ""
        self.path: Path | None = None
        self.accepted = False
        self.over = False
        self.version = 0
        # What was answered to the step that is asked again, as it was wrong.
        self.refused: Mapping[str, object] = {}
        self._given: Mapping[str, object] = {}
        self._answers: queue.SimpleQueue[object] = queue.SimpleQueue()
        self._hints: Hints | None = None
        self._confirmed: Callable[[str], None] | None = None

    def fronted(self, hints: Hints | None, confirmed: Callable[[str], None] | None) -> "Guided":
        """This session as the front of a bench; see `practice.Fronted`."""
        self._hints, self._confirmed = hints, confirmed
        return self

    def run(self, work: Callable[[], tuple[Path, bool]]) -> None:
        """Go through the session; called in its thread."""
        try:
            self.path, self.accepted = work()
        except BrokenOff:
            self.said = ""
        except Trouble as trouble:
            self.said = str(trouble)
        self.over, self.shown, self.doing = True, None, ""
        self.version += 1

    def start(self, work: Callable[[], tuple[Path, bool]]) -> None:
        """The same, in a thread that is made for it."""
        threading.Thread(target=self.run, args=(work,), daemon=True).start()

    def give(self, answer: object) -> None:
        """What the page answers to the step that is shown."""
        if self.shown is not None:
            self.shown = None
            self.version += 1
            self._answers.put(answer)

    def leave(self) -> None:
        """Break the session off at the step that waits."""
        self.give(BrokenOff())

    def hints(self, form: Form) -> Mapping[str, object]:
        """What instruments offer for a form."""
        return self._hints(form) if self._hints else {}

    def answer(self, step: Step, done: int, known: int) -> object:
        """See `guide.Front`."""
        self.shown, self.place, self.doing = step, (done, known), ""
        self.version += 1
        given = self._answers.get()
        if isinstance(given, BrokenOff):
            raise given
        self.said = self.at_gun = ""
        self.refused, is_form = {}, isinstance(given, dict)
        self._given = cast(Mapping[str, object], given) if is_form else {}
        if given is True and self._confirmed:
            self._confirmed(step.id)
        return given

    def working(self, step: Action, done: int, known: int) -> None:
        """See `guide.Front`."""
        self.place, self.doing = (done, known), step.text
        self.version += 1

    def wrong(self, why: str) -> None:
        """See `guide.Front`."""
        self.said = why
        self.refused = self._given
        self.version += 1

    def failed(self, step: Step, why: str) -> None:
        """See `guide.Front`."""
        self.said = f"{step.id}: {why}"
        self.version += 1

    def tell(self, text: str) -> None:
        """Something that has to be done at the gun."""
        self.at_gun = text
        self.version += 1

    def weigh(self) -> Reading:
        """A balance without a cable: somebody reads it; see `strokes.Scale`."""
        given: Any = self.answer(Form("weigh", "", (_SHOWN,)), *self.place)
        while True:
            try:
                grams = float(entered(_SHOWN, given["g"]))
                return Reading(grams * 1000, True, time.monotonic())
            except (WrongAnswer, TypeError, KeyError) as wrong:
                self.wrong(str(wrong))
                given = self.answer(Form("weigh", "", (_SHOWN,)), *self.place)

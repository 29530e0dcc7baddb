"""The cases that Hypothesis tried, with their results, for MicroPython to repeat."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings

from tests.micropython import process

# The same examples in every run: a failure is one of the change, never of the day.
BOUNDED = settings(
    derandomize=True,
    deadline=None,
    max_examples=200,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)


class Vectors:
    """The cases of one module of `tests.core.cases`; call a case through `run`."""

    def __init__(self, name: str):
        self.module = "tests.core.cases." + name
        self._cases: dict[str, Callable[..., Any]] = {}
        self._rows: dict[str, str] = {}
        self._cases = __import__(self.module, fromlist=["CASES"]).CASES

    def run(self, name: str, *arguments: Any) -> Any:
        """Run a case and keep it with its result."""
        result = self._cases[name](*arguments)
        key = json.dumps([name, arguments])
        self._rows[key] = json.dumps([name, arguments, result])
        return result

    def results(self, name: str, wanted: Callable[[Any], bool]) -> int:
        """How many results of a case are `wanted`."""
        rows = [json.loads(row) for row in self._rows.values()]
        return sum(row[0] == name and wanted(row[2]) for row in rows)

    @property
    def count(self) -> int:
        """How many different cases were run."""
        return len(self._rows)

    def on_micropython(self, folder: Path) -> None:
        """Write the cases as JSON lines; MicroPython must get every result again, to the last
        digit."""
        path = folder / "vectors.jsonl"
        path.write_text("\n".join(self._rows.values()) + "\n", encoding="utf-8")
        outcome = process.run(self.module, path)
        assert outcome.failed == 0, outcome.text
        assert outcome.passed == self.count > 0, outcome.text

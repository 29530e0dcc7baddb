"""Scenarios: what an operator's hands do and what must then be seen, as a file of plain lines.

A TOML file: `title`, `hazard` (what could come of it), `detect` (in which time it is found), `seed`
(which virtual gun), `program` (a program file, relative to the scenario) and `steps`, a list of
lines as in `verbs.VERBS`. The same file runs on every layer: the firmware in process or on
MicroPython.
"""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mesosim.stage import StepRefused
from mesosim.verbs import in_process_only, read_step


class ScenarioError(Exception):
    """A scenario file that cannot be run; says where, what is wrong and what is allowed."""


@dataclass(frozen=True)
class Scenario:
    """One scenario file, read and checked."""

    path: Path
    title: str
    seed: int
    program: Path | None
    steps: tuple[str, ...]
    hazard: str = ""
    detect: str = ""

    @property
    def in_process(self) -> tuple[str, ...]:
        """The steps that can be carried out only where the firmware runs in this process."""
        return tuple(step for step in self.steps if in_process_only(step))


def read_scenario(path: Path) -> Scenario:
    """Read a scenario file. Raises ScenarioError naming every faulty line at once."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ScenarioError(f"{path}: cannot be read: {error}") from None
    faults = [f"{path}: unknown key {key!r}; allowed: {', '.join(_KEYS)}"
              for key in table if key not in _KEYS]  # fmt: skip
    for key, kind in _KEYS.items():
        if key in table and not isinstance(table[key], kind):
            faults.append(f"{path}: {key}: must be {kind.__name__}")
    steps: list[Any] = table["steps"] if isinstance(table.get("steps"), list) else []
    if not steps:
        faults.append(f"{path}: steps: there are none; write a list of lines")
    for number, step in enumerate(steps, 1):
        if not isinstance(step, str):
            faults.append(f"{path}: steps[{number}]: no such step: {step!r}; write a line of text")
            continue
        try:
            read_step(step)
        except StepRefused as refused:
            faults.append(f"{path}: steps[{number}]: {refused}")
    detect = table.get("detect", "")
    if detect and not any(f"within {detect}" in str(step) for step in steps):
        faults.append(f"{path}: detect: no step says: within {detect}")
    if faults:
        raise ScenarioError("\n".join(faults))
    program = path.parent / table["program"] if "program" in table else None
    return Scenario(
        path, table.get("title", path.stem), table.get("seed", 1), program, tuple(steps),
        table.get("hazard", ""), detect,
    )  # fmt: skip


_KEYS: dict[str, type] = {
    "title": str, "hazard": str, "detect": str, "seed": int, "program": str, "steps": list,
}  # fmt: skip

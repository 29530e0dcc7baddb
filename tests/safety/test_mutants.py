"""Seeded defects are found, and one that is not is told: the hunt itself, and a few of its kind.

All of them are planted by `make mutants`.
"""

from dataclasses import replace

import pytest

from tests.mutants.__main__ import rows
from tests.mutants.hunt import (
    CAUGHT,
    NO_VERDICT,
    SURVIVED,
    UNTESTED,
    Verdict,
    hunt,
    judge,
    nodes_of,
)
from tests.mutants.tree import Tree
from tests.safety import data
from tests.safety.data import Mutant

# One of each kind: an interlock, the drive, a dose, a record, the wire, the screen.
SLICE = ("SR-001", "SR-023", "SR-045", "SR-153", "SR-176", "SR-194")
HARMLESS = Mutant(
    "states.py", "from mesofw.core import errors\n", "from mesofw.core import errors\n\n", "None."
)


WHERE = """
from pathlib import Path

import mesofw
import mesohost
import mesosim
import tests


def test_where():
    root = Path(__file__).parents[1]
    for package in (mesofw, mesohost, mesosim, tests):
        assert root in Path(package.__file__).parents
"""


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Tree:
    """One copy for the defects below, which leave it as it was."""
    return Tree(tmp_path_factory.mktemp("mutants"))


def test_a_slice_of_the_defects_is_caught() -> None:
    verdicts = hunt([data.requirements()[one] for one in SLICE])
    assert [(one.requirement.id, one.outcome) for one in verdicts] == [
        (one, CAUGHT) for one in SLICE
    ]


def test_a_defect_that_no_test_finds_survives_and_the_copy_is_whole_again(tree: Tree) -> None:
    one = replace(data.requirements()["SR-001"], mutant=HARMLESS)
    before = tree.source(HARMLESS)
    assert judge(tree, one, set()).outcome == SURVIVED
    assert tree.source(HARMLESS) == before


def test_a_test_that_fails_anyway_and_a_text_that_is_gone_are_told(tree: Tree) -> None:
    one = data.requirements()["SR-001"]
    assert judge(tree, one, {nodes_of(one)[0]}).outcome == UNTESTED
    gone = replace(HARMLESS, text="no such text")
    assert judge(tree, replace(one, mutant=gone), set()).outcome == NO_VERDICT


def test_a_requirement_that_no_test_names_counts_as_untested_and_its_defect_as_alive(
    tree: Tree,
) -> None:
    nameless = replace(data.requirements()["SR-001"], id="SR-999")
    verdict = judge(tree, nameless, set())
    assert verdict.outcome == UNTESTED
    good = Verdict(data.requirements()["SR-001"], CAUGHT, "a test", 1.0)
    figures = {row.name: row.value for row in rows([good, verdict])}
    assert figures == {"requirements": 2, "requirements_untested": 1, "mutants_survived": 1}


def test_the_copy_is_what_runs_there(tree: Tree) -> None:
    path = tree.folder / "tests" / "test_where.py"
    path.write_text(WHERE, encoding="utf-8")
    code, printed = tree.run(str(path))
    path.unlink()
    assert code == 0, printed

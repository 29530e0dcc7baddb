"""Plants the requirements' defects one by one and runs the tests that name the requirement."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import Queue
from tempfile import TemporaryDirectory

from tests.mutants.tree import Tree, failed_in
from tests.safety import naming
from tests.safety.data import Requirement

# Untested: no test names the requirement, or one that does fails without any defect.
CAUGHT, SURVIVED, UNTESTED, NO_VERDICT = "caught", "SURVIVED", "UNTESTED", "NO VERDICT"
# Pytest's exit codes: all passed, some failed.
_PASSED, _FAILED = 0, 1


@dataclass(frozen=True)
class Verdict:
    """What became of a requirement's defect: `by` is the test that found it, or what else is to
    say."""

    requirement: Requirement
    outcome: str
    by: str
    lasted_s: float


def hunt(
    wanted: Sequence[Requirement],
    parallel: int = 2,
    tell: Callable[[Verdict], None] = lambda _: None,
) -> list[Verdict]:
    """The verdicts of these requirements, in their order; `tell` hears of each as it falls.

    First all their tests are run without any defect.
    """
    with (
        TemporaryDirectory(prefix="mesogun-mutants-") as folder,
        ThreadPoolExecutor(parallel) as pool,
    ):
        trees: Queue[Tree] = Queue()
        for number in range(parallel):
            trees.put(Tree(Path(folder, str(number))))

        def one(requirement: Requirement) -> Verdict:
            tree = trees.get()
            try:
                verdict = judge(tree, requirement, failing)
            finally:
                trees.put(tree)
            tell(verdict)
            return verdict

        tree = trees.get()
        failing = failing_in(tree, wanted)
        trees.put(tree)
        return list(pool.map(one, wanted))


def nodes_of(requirement: Requirement) -> list[str]:
    """The tests that name the requirement, as pytest calls them."""
    return [test.node for test in naming.named().get(requirement.id, [])]


def failing_in(tree: Tree, wanted: Sequence[Requirement]) -> set[str]:
    """The requirements' tests that fail without any defect."""
    nodes = dict.fromkeys(node for one in wanted for node in nodes_of(one))
    if not nodes:
        return set()
    code, printed = tree.run(*nodes)
    if code not in (_PASSED, _FAILED):
        raise RuntimeError(f"the tests do not run without a defect:\n{printed}")
    return {node.split("[")[0] for node in failed_in(printed)}


def judge(tree: Tree, requirement: Requirement, failing: set[str]) -> Verdict:
    """Plant the requirement's defect in the tree and see whether its tests find it."""
    began_s = time.monotonic()
    outcome, by = _judge(tree, requirement, failing)
    return Verdict(requirement, outcome, by, time.monotonic() - began_s)


def _judge(tree: Tree, requirement: Requirement, failing: set[str]) -> tuple[str, str]:
    mutant = requirement.mutant
    nodes = nodes_of(requirement)
    if mutant is None or not nodes:
        return UNTESTED, "no test names the requirement"
    broken = [node for node in nodes if node in failing]
    if broken:
        return UNTESTED, f"fails without a defect: {broken[0]}"
    try:
        with tree.planted(mutant):
            code, printed = tree.run("-x", *nodes)
    except ValueError as error:
        return NO_VERDICT, str(error)
    if code == _FAILED:
        return CAUGHT, failed_in(printed)[0]
    if code == _PASSED:
        return SURVIVED, mutant.defect
    if code is None:
        return NO_VERDICT, "the tests did not end in time"
    return NO_VERDICT, f"pytest ended with {code}: {printed.strip().splitlines()[-1]}"

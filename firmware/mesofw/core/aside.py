"""Modules that are read in for one use and then let go of: the gun's memory is short.

Whoever else holds such a module, as the host does, keeps it:

    held = aside.held("texts")
    from mesofw.core import texts
    …
    if not held:
        aside.let_go("texts")
"""

import sys

FOR_ONE_USE = (
    "calibrating", "engineer", "fillings", "fitting", "keyed", "priming", "program", "refusals",
    "scan", "seen", "starting", "texts", "trace",
)  # fmt: skip
_PACKAGE = "mesofw.core"


def held(name: str) -> bool:
    """Whether core's module `name` has been read in."""
    return _PACKAGE + "." + name in sys.modules


def let_go(name: str) -> None:
    """Forget core's module `name`, if it is there."""
    sys.modules.pop(_PACKAGE + "." + name, None)
    package = sys.modules[_PACKAGE]
    if hasattr(package, name):
        delattr(package, name)


def read_once() -> None:
    """Read each of them in once, at the start: the names that the interpreter keeps of it for ever
    then lie with all that lasts, not between what does not. Raises ImportError where one is not
    there."""
    had = [name for name in FOR_ONE_USE if held(name)]
    from mesofw.core import calibrating as calibrating
    from mesofw.core import engineer as engineer
    from mesofw.core import fitting as fitting
    from mesofw.core import keyed as keyed
    from mesofw.core import priming as priming
    from mesofw.core import refusals as refusals
    from mesofw.core import scan as scan
    from mesofw.core import seen as seen
    from mesofw.core import starting as starting
    from mesofw.core import texts as texts
    from mesofw.core import trace as trace

    for name in FOR_ONE_USE:
        if name not in had:
            let_go(name)

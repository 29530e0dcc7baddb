"""What the virtual gun's hands can do for whoever trains: each a row of steps of scenarios."""

from typing import NamedTuple


class Hand(NamedTuple):
    """Something that hands do: its name in the catalogue, its steps, the gun's states in which it
    is offered (none: in all)."""

    name: str
    steps: tuple[str, ...]
    states: tuple[str, ...] = ()


_HOLDING = ("ready", "shooting", "paused", "fault")
_AWAY = ("release trigger", "lift")
# In the order in which a session needs them.
HANDS = (
    Hand("confirm", (*_AWAY, "confirm"), ("idle",)),
    Hand("fit", (*_AWAY, "fit"), ("loading",)),
    Hand("shot", ("place", "hold trigger for 1 shots", "lift"), ("ready",)),
    Hand("hold", ("place", "press trigger"), ("ready",)),
    Hand("let_go", _AWAY, _HOLDING),
    Hand("carry_on", (*_AWAY, "carry on"), ("loading", "ready", "paused")),
    Hand("knob", ("click",)),
    Hand("turn", ("turn 1",)),
)
# What goes wrong, and how it is put right.
MISHAPS = (
    Hand("press_stop", ("press stop",)),
    Hand("free_stop", ("free stop",)),
    Hand("block", ("block needle",)),
    Hand("unblock", ("unblock needle",)),
)

"""How shots follow each other, as a table: what a mode may be asked for, and how it behaves."""


class Mode:
    """A mode of shooting. Bounds of one shot: `deepest_um`, `most_nl` (0: no fluid).

    `repeats`: shot after shot while the trigger is held. `stays`: the needle stays in for as long
    as the trigger is held; letting go ends the shot. `slides`: on a moving hand, where lost
    contact ends the shot, not the run.
    """

    def __init__(self, deepest_um, most_nl, repeats=False, stays=False, slides=False):
        self.deepest_um = deepest_um
        self.most_nl = most_nl
        self.repeats = repeats
        self.stays = stays
        self.slides = slides


SINGLE = "single"
BURST = "burst"
NAPPAGE = "nappage"
DRY = "dry"
MICRODROP = "microdrop"
PERFUSION = "perfusion"

# A record's number of a mode is its place in MODES: new ones go to the end.
MODES = (SINGLE, BURST, NAPPAGE, DRY, MICRODROP, PERFUSION)
MODE = {
    SINGLE: Mode(13_000, 2_000_000),
    BURST: Mode(13_000, 2_000_000, repeats=True),
    NAPPAGE: Mode(4_000, 50_000, repeats=True, slides=True),
    DRY: Mode(13_000, 0, repeats=True),
    MICRODROP: Mode(500, 10_000, repeats=True),
    PERFUSION: Mode(13_000, 2_000_000, stays=True),
}

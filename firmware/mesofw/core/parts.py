"""Syringes and needles that the gun was sized for, and the depth classes of the skin.

The figures are those of hardware/gun.toml and of what hardware/sizing.md computes from it; a test
keeps them equal.
"""


class Syringe:
    """A syringe in its cradle: nominal bore, what it holds, its smallest dose, its stopper's
    gliding friction.

    `empty_nl_bar` and `full_nl_bar`: volume that gives way under pressure, by filling.
    `pressure_mbar`: the most that its seal and the plunger's motor allow, `force_mn` the plunger's
    force then, above which it counts as an occlusion. `stiffness_mn_um`: of rod and drive.
    `spare_mn`: what the carriage's motor has left for puncture and acceleration with this syringe
    on it, `moved_g` the mass that it then moves. `press_mm_s2`: acceleration of the plunger.
    """

    def __init__(self, bore_um, volume_nl, least_nl, empty_nl_bar, full_nl_bar, pressure_mbar,
                 force_mn, glide_mn, stiffness_mn_um, spare_mn, moved_g,
                 press_mm_s2):  # fmt: skip
        self.bore_um = bore_um
        self.volume_nl = volume_nl
        self.least_nl = least_nl
        self.empty_nl_bar = empty_nl_bar
        self.full_nl_bar = full_nl_bar
        self.pressure_mbar = pressure_mbar
        self.force_mn = force_mn
        self.glide_mn = glide_mn
        self.stiffness_mn_um = stiffness_mn_um
        self.spare_mn = spare_mn
        self.moved_g = moved_g
        self.press_mm_s2 = press_mm_s2


class Needle:
    """A needle: bore in µm, and the force in mN at which it punctures skin."""

    def __init__(self, bore_um, puncture_mn):
        self.bore_um = bore_um
        self.puncture_mn = puncture_mn


# Nominal bores of common polypropylene three-part syringes; the true bore is a matter of
# calibration.
SYRINGES = {
    "1 mL": Syringe(
        4699, 1_000_000, 1_000, 463, 910, 3_000, 8_200, 1_500, 130, 4_275, 288, 4_300
    ),
    "3 mL": Syringe(
        8585, 3_000_000, 2_100, 2_833, 4_951, 3_000, 22_360, 3_000, 200, 4_246, 291, 4_000
    ),
    "5 mL": Syringe(
        11989, 5_000_000, 4_800, 8_551, 13_174, 1_375, 22_530, 4_000, 230, 4_202, 295, 3_500
    ),
    "10 mL": Syringe(
        14427, 10_000_000, 7_700, 15_727, 26_281, 766, 22_530, 6_000, 260, 4_123, 303, 3_000
    ),
}  # fmt: skip
# Of a regular-wall tube after ISO 9626 unless the name says thin.
NEEDLES = {
    "27G": Needle(210, 1_220),
    "28G": Needle(184, 1_070),
    "29G": Needle(184, 996),
    "30G": Needle(160, 919),
    "30G thin": Needle(184, 919),
    "31G": Needle(133, 769),
    "32G": Needle(108, 695),
    "33G": Needle(108, 621),
    "34G": Needle(82, 544),
}
# Tube inside the hub, beyond the needle's free length.
HUB_UM = 7_000
# Layers: name → deepest depth in µm that may be set in it.
LAYERS = {
    "epidermic": 500,
    "superficial": 2000,
    "intradermal": 4000,
    "hypodermic": 10000,
    "deep": 13000,
}
DEPTH_MAX_UM = 13000
NEEDLE_MIN_UM = 4000
NEEDLE_MAX_UM = 13000
PINS_MAX = 9

SYRINGE_NAMES = tuple(sorted(SYRINGES, key=lambda name: SYRINGES[name].volume_nl))
NEEDLE_NAMES = tuple(sorted(NEEDLES))
LAYER_NAMES = tuple(sorted(LAYERS, key=lambda name: LAYERS[name]))


def bore_um2(syringe: str) -> int:
    """The bore's area in µm²; beyond 30 bits, so for planning only."""
    diameter_um = SYRINGES[syringe].bore_um
    return diameter_um * diameter_um * 355 // 452  # π/4 to 1e-7

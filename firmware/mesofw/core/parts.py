"""Syringes and needles that the gun knows, and the depth classes of the skin.

Syringes: name → (inner diameter in µm, volume in nl). Nominal bores of common polypropylene
three-part syringes; the true bore is a matter of calibration.
Needles: gauge → nominal inner diameter in µm of a regular-wall tube, after ISO 9626.
Layers: name → deepest depth in µm that may be set in it.
"""

SYRINGES = {
    "1 mL": (4699, 1_000_000),
    "3 mL": (8585, 3_000_000),
    "5 mL": (11989, 5_000_000),
    "10 mL": (14427, 10_000_000),
}
NEEDLES = {"27G": 210, "29G": 184, "30G": 160, "31G": 133, "32G": 108, "33G": 108, "34G": 82}
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

SYRINGE_NAMES = tuple(sorted(SYRINGES, key=lambda name: SYRINGES[name][1]))
NEEDLE_NAMES = tuple(sorted(NEEDLES))
LAYER_NAMES = tuple(sorted(LAYERS, key=lambda name: LAYERS[name]))


def bore_um2(syringe: str) -> int:
    """The bore's area in µm²; beyond 30 bits, so for planning only."""
    diameter_um = SYRINGES[syringe][0]
    return diameter_um * diameter_um * 355 // 452  # π/4 to 1e-7

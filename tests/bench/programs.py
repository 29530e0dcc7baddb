"""The programs that rows are measured with."""

from itertools import count

from mesohost.program import Program
from mesohost.program.model import Ingredient, Limits, Product, Zone

_WIDE = Limits(shot_nl=2_000_000, zone_nl=20_000_000, session_nl=20_000_000, needle_shots=16_000)
_PLACES = ("Cheek", "Forehead", "Temple", "Neck", "Scalp", "Thigh", "Chin", "Jaw")
# (layer, depth µm, volume nl, rate /min, dwell ms)
_SHOTS = (
    ("superficial", 1_500, 5_000, 240, 20),
    ("intradermal", 4_000, 20_000, 120, 20),
    ("intradermal", 3_000, 10_000, 180, 30),
    ("hypodermic", 5_500, 40_000, 60, 100),
)


def _program(
    title: str, zones: list[Zone], products: tuple[Product, ...] = (), syringe: str = "3 mL"
) -> Program:
    return Program(
        format=1, title=title, patient="P-0042", syringe=syringe, needle="27G", length_um=6_000,
        pins=1, viscosity_upa_s=1_000, purpose="treatment", hard=_WIDE, soft=_WIDE,
        products=products, zones=tuple(zones),
    )  # fmt: skip


def burst(
    *shots: int, depth_um: int, volume_nl: int, rate_per_min: int, syringe: str = "3 mL"
) -> Program:
    """A program of bursts, one zone of each of these numbers of shots."""
    zones = [
        Zone(
            name=f"Zone {number}", mode="burst", layer="intradermal", depth_um=depth_um,
            angle_deg=90, volume_nl=volume_nl, shots=wanted, rate_per_min=rate_per_min, per_pull=0,
            flow_nl_s=100_000, dwell_ms=20,
        )
        for number, wanted in enumerate(shots, 1)
    ]  # fmt: skip
    return _program("Bench", zones, syringe=syringe)


def long_text(size: int, mixed: bool) -> bytes:
    """The canonical text of a program of many different zones, just above `size` bytes; `mixed`
    with eight products of four ingredients."""
    zones: list[Zone] = []
    for number in count():
        layer, depth_um, volume_nl, rate_per_min, dwell_ms = _SHOTS[number % len(_SHOTS)]
        name = f"{_PLACES[number % len(_PLACES)]}, row {number // len(_PLACES) + 1:02} of 25"
        zones.append(
            Zone(
                name=name, mode="burst", layer=layer, depth_um=depth_um - number,
                angle_deg=90, volume_nl=volume_nl + 100 * number % 7, shots=3 + number % 5,
                rate_per_min=rate_per_min, per_pull=0, flow_nl_s=100_000, dwell_ms=dwell_ms,
            )
        )  # fmt: skip
        text = _program("A session of many zones", zones, _MIXTURE if mixed else ()).text
        if len(text) >= size:
            return text
    raise AssertionError


_MIXTURE = tuple(
    Product(
        name=f"Product number {product} of the mixture",
        lot=f"LOT-{product:05d}",
        expiry=21990101,
        share_ppm=125_000,
        ingredients=tuple(
            Ingredient(
                f"ingredient {number} of product number {product}", 10_000 + number, 100_000_000
            )
            for number in range(4)
        ),
    )
    for product in range(8)
)

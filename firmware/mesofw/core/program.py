"""The session program: its tables of fields, and the check of a whole program.

On the wire and in its slot a program is JSON lines, one section a line: `{"kind": …, fields}`,
first the `program`, then limits, products with their ingredients, and the zones in their order.
"""

import json

from mesofw.core import errors, fields, parts, shot
from mesofw.core.aim import reach, refused, unsized
from mesofw.core.errors import Fault
from mesofw.core.fields import CHOICE, DATE, INT, TEXT, field
from mesofw.core.fillings import Fillings
from mesofw.core.loaded import FLOW_MAX_NL_S as FLOW_MAX_NL_S
from mesofw.core.loaded import FLOW_MIN_NL_S as FLOW_MIN_NL_S
from mesofw.core.loaded import RATE_MAX_PER_MIN as RATE_MAX_PER_MIN
from mesofw.core.loaded import SECTION_MAX_BYTES as SECTION_MAX_BYTES
from mesofw.core.loaded import SHOT_MAX_NL, SHOTS_MAX, TRAINING, ZONE
from mesofw.core.modes import MODE

FORMAT = 1
NEVER = 99991231
SESSION_MAX_NL = 20_000_000
SHOT_MIN_NL = 1_000

TREATMENT = "treatment"

PROGRAM = (
    field("format", INT, FORMAT, FORMAT),
    field("title", TEXT, 1, 40),
    field("patient", TEXT, 1, 24),
    field("syringe", CHOICE, choices=parts.SYRINGE_NAMES),
    field("needle", CHOICE, choices=parts.NEEDLE_NAMES),
    field("length_um", INT, parts.NEEDLE_MIN_UM, parts.NEEDLE_MAX_UM),
    field("pins", INT, 1, parts.PINS_MAX, default=1),
    field("viscosity_upa_s", INT, 500, 100_000, default=1_000),
    field(
        "purpose",
        CHOICE,
        choices=(TREATMENT, TRAINING),
        default=TREATMENT,
    ),
)
PRODUCT = (
    field("name", TEXT, 1, 40),
    field("lot", TEXT, 1, 24),
    field("expiry", DATE),
    field("share_ppm", INT, 1, 1_000_000),
)
INGREDIENT = (
    field("name", TEXT, 1, 40),
    field("strength_ug_ml", INT, 1, 1_000_000),
    field("limit_ug", INT, 1, 100_000_000),
)
LIMITS = (
    field("shot_nl", INT, SHOT_MIN_NL, SHOT_MAX_NL, default=SHOT_MAX_NL),
    field("zone_nl", INT, SHOT_MIN_NL, SESSION_MAX_NL, default=SESSION_MAX_NL),
    field(
        "session_nl",
        INT,
        SHOT_MIN_NL,
        SESSION_MAX_NL,
        default=SESSION_MAX_NL,
    ),
    field("needle_shots", INT, 1, SHOTS_MAX * 8, default=SHOTS_MAX * 8),
)
# kind: (table, how many there may be, what it is called in messages)
SECTIONS = {
    "program": (PROGRAM, 1, "program"),
    "hard": (LIMITS, 1, "limits.hard"),
    "soft": (LIMITS, 1, "limits.soft"),
    "product": (PRODUCT, 8, "products[%d]"),
    "ingredient": (INGREDIENT, 32, "ingredients[%d]"),
    "zone": (ZONE, 200, "zones[%d]"),
}
# A section's rank: none may follow one of a higher rank, for limits bind the zones after them.
_RANK = {"program": 0, "hard": 1, "soft": 1, "product": 2, "ingredient": 2, "zone": 3}
# What is said behind the most that is allowed.
_OF = {errors.BEYOND_MODE: " in this mode", errors.BEYOND_SYRINGE: " after priming"}
ORDER = "program, limits, products with their ingredients, zones"


def section_line(kind: str, record: dict) -> bytes:
    """One section as its line of program text, newline included."""
    line = {"kind": kind}
    line.update(record)
    return json.dumps(line, separators=(",", ":")).encode() + b"\n"


def parse_line(line: bytes) -> "tuple[str, dict[str, object]]":
    """(kind, record) of a line of program text. Raises ValueError where it is none."""
    section = json.loads(line)
    if not isinstance(section, dict):
        raise ValueError("not a section")
    kind = section.pop("kind", None)
    if not isinstance(kind, str) or kind not in SECTIONS:
        raise ValueError("no such kind")
    return kind, section


class Checker:
    """Checks a program section by section; collects all faults (hard) and warnings (soft limits).

    `add` every section in order, then `finish`. `today` is yyyymmdd, or 0 where the date is not
    known: then expiry cannot be judged. Totals are kept as it goes: `shots`, `total_nl`.
    Whether a gun can do the shots is left to the arming of a zone, with the needle that is fitted
    then, and before to `judge.Judge`.
    A section's place in messages is `at`, or else its kind and number, as in `zone[2].`.
    `fillings` is the plan of the syringes, None where nothing passes what is to be fitted.
    """

    def __init__(self, today: int = 0):
        self.faults = []
        self.warnings = []
        self.head = None
        self.zones = 0
        self.shots = 0
        self.total_nl = 0
        self.fillings = None
        self._today = today
        self._count = {}
        self._rank = 0
        widest = {field.name: field.default or 0 for field in LIMITS}
        self._limits = {"hard": widest, "soft": widest}
        self._products = 0
        self.expiry = NEVER  # the last day on which all products may be used
        self._shares_ppm = 0
        self._share_ppm = 0
        self._ingredients = []
        self._fit = None

    def add(self, kind: str, record: dict, at: str = "") -> bool:
        """Check one section, filling in its defaults; True where it adds no fault."""
        before = len(self.faults)
        table, most, called = SECTIONS[kind]
        number = self._count.get(kind, 0) + 1
        self._count[kind] = number
        path = at or (called % number if "%" in called else called) + "."
        if number > most:
            if number == most + 1:
                found = "more than %d" % most
                self.faults.append(Fault(path[:-1], errors.TOO_MANY, found, "at most %d" % most))
            return False
        if _RANK[kind] < self._rank or (kind == "ingredient" and not self._count.get("product")):
            self.faults.append(
                Fault(path[:-1], errors.BROKEN_PROGRAM, "out of order", "order: " + ORDER)
            )
            return False
        self._rank = _RANK[kind]
        if kind == "product":
            self._share_ppm = 0
        fields.check(table, record, path, self.faults)
        if len(self.faults) == before:
            self._take(kind, record, path)
        return len(self.faults) == before

    def _take(self, kind: str, record: dict, path: str) -> None:
        if kind == "program":
            self.head = record
            self._fit = shot.nominal(record)
            fault = unsized(self._fit)
            if fault:
                self.faults.append(fault)
                self._fit = None
            else:
                self.fillings = Fillings(self._fit)
        elif kind in self._limits:
            self._limits[kind] = record
        elif kind == "product":
            self._shares_ppm += record["share_ppm"]
            self._products += 1
            self.expiry = min(self.expiry, record["expiry"])
            self._share_ppm = record["share_ppm"]
            if self._today and record["expiry"] < self._today:
                found = date_text(record["expiry"])
                allowed = date_text(self._today) + " or later"
                self.faults.append(Fault(path + "expiry", errors.EXPIRED, found, allowed))
        elif kind == "ingredient":
            # A faulty product has no share: then its ingredients cannot be judged.
            self._ingredients.append((record, self._share_ppm, path))
        else:
            self._zone(record, path)

    def _zone(self, zone: dict, path: str) -> None:
        depth_um = zone["depth_um"]
        volume_nl = zone["volume_nl"]
        zone_nl = volume_nl * zone["shots"]
        self.zones += 1
        self.shots += zone["shots"]
        self.total_nl += zone_nl
        # Bounds are compared here, so that only what passes one costs more.
        layer_um = parts.LAYERS[zone["layer"]]
        if depth_um > layer_um:
            self._most(path + "depth", "depth_um", depth_um, layer_um, errors.BEYOND_LAYER)
        mode = MODE[zone["mode"]]
        if not mode.most_nl:
            if volume_nl:
                found = fields.show("volume_nl", volume_nl)
                self.faults.append(Fault(path + "volume", errors.DRY_WITH_VOLUME, found, "none"))
        elif volume_nl < SHOT_MIN_NL:
            allowed = fields.show("volume_nl", SHOT_MIN_NL) + " or more"
            found = fields.show("volume_nl", volume_nl)
            self.faults.append(Fault(path + "volume", errors.WET_WITHOUT_VOLUME, found, allowed))
        elif volume_nl > mode.most_nl:
            self._most(path + "volume", "volume_nl", volume_nl, mode.most_nl, errors.BEYOND_MODE)
        if depth_um > mode.deepest_um:
            self._most(path + "depth", "depth_um", depth_um, mode.deepest_um, errors.BEYOND_MODE)
        if self.head and reach(zone) > self.head["length_um"]:
            fault = refused(errors.BEYOND_NEEDLE, zone, self.head["length_um"])
            fault.at = path + fault.at
            self.faults.append(fault)
        if self.fillings:
            most_nl = self.fillings.filling_nl
            if volume_nl > most_nl:
                self._most(path + "volume", "volume_nl", volume_nl, most_nl, errors.BEYOND_SYRINGE)
            elif self.total_nl <= SESSION_MAX_NL:
                self.fillings.take(volume_nl, zone["shots"])
        hard, soft = self._limits["hard"], self._limits["soft"]
        if volume_nl > hard["shot_nl"] or volume_nl > soft["shot_nl"]:
            self._limit(path + "volume", "shot_nl", volume_nl, errors.BEYOND_SHOT_LIMIT)
        if zone_nl > hard["zone_nl"] or zone_nl > soft["zone_nl"]:
            self._limit(path + "shots", "zone_nl", zone_nl, errors.BEYOND_ZONE_LIMIT)

    def finish(self) -> None:
        """Check what only the whole program shows: totals, shares, ingredients."""
        if not self._count.get("program"):
            self.faults.append(Fault("program", errors.MISSING, "nothing", "the program's head"))
        if not self._count.get("zone"):
            self.faults.append(
                Fault("zones", errors.NO_ZONES, "none", "1 to %d" % SECTIONS["zone"][1])
            )
        self._limit("zones", "session_nl", self.total_nl, errors.BEYOND_SESSION_LIMIT)
        if self.fillings:
            most = self.fillings.needle_shots
            self._limit("zones", "needle_shots", most, errors.BEYOND_NEEDLE_LIFE)
        all_known = self._products and self._products == self._count["product"]
        if all_known and self._shares_ppm != 1_000_000:
            found = fields.show("share_ppm", self._shares_ppm)
            self.faults.append(Fault("products", errors.SHARES, found, "100 %"))
        # An ingredient of several products counts together.
        given_ug = {}
        for record, share_ppm, _ in self._ingredients:
            name = record["name"]
            more_ug = ingredient_ug(self.total_nl, share_ppm, record["strength_ug_ml"])
            given_ug[name] = given_ug.get(name, 0) + more_ug
        for record, _, path in self._ingredients:
            self._most(
                path + "limit",
                "limit_ug",
                given_ug[record["name"]],
                record["limit_ug"],
                errors.BEYOND_INGREDIENT_LIMIT,
            )

    def limits(self, kind: str) -> dict:
        """The limits of a kind (hard, soft); the widest where the program names none."""
        return self._limits[kind]

    def _limit(self, path: str, name: str, value: int, code: int) -> None:
        hard = self._limits["hard"][name]
        soft = self._limits["soft"][name]
        if value > hard:
            self._most(path, name, value, hard, code)
        elif value > soft:
            found = fields.show(name, value)
            allowed = "up to " + fields.show(name, soft) + " without a confirmation"
            self.warnings.append(Fault(path, code, found, allowed))

    def _most(self, path: str, name: str, value: int, most: int, code: int) -> None:
        if value > most:
            allowed = "up to " + fields.show(name, most) + _OF.get(code, "")
            self.faults.append(Fault(path, code, fields.show(name, value), allowed))


def ingredient_ug(total_nl: int, share_ppm: int, strength_ug_ml: int) -> int:
    """What a session of `total_nl` gives of an ingredient, in µg, rounded up."""
    return -(-total_nl * share_ppm * strength_ug_ml // 1_000_000_000_000)


def date_text(ymd: int) -> str:
    """yyyymmdd as YYYY-MM-DD."""
    return "%04d-%02d-%02d" % (ymd // 10000, ymd // 100 % 100, ymd % 100)

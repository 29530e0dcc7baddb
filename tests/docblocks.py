"""What the pages say that follows from code: tables between `<!-- NAME -->` and `<!-- end -->`, and
the gun's answers in the protocol's worked dialogue.

A test compares them; `python -m tests.docblocks` writes them anew.
"""

import binascii
import re
from collections.abc import Callable, Iterable

from mesofw.core import (
    aim,
    dose,
    errors,
    fields,
    meanings,
    modes,
    parts,
    program,
    shot,
    texts,
    trace,
)
from mesofw.core.modes import BURST
from mesohost.doctor import faults, port_checks
from mesohost.doctor import table as doctor
from mesohost.doctor.model import HANDS
from mesohost.program import quantity, tables
from mesosim.holes import HOLES
from mesosim.world import World
from tests.docpages import PATHS
from tests.safety.tables import BLOCKS as SAFETY

# The gun has homed long before the dialogue begins; then a line of the host's every 100 ms.
FIRST_US = 20_000_000
EACH_US = 100_000
BUILD = "0123456789abcdef"
SENT, ANSWERED = "> {", "< {"
_BLOCK = re.compile(r"^<!-- (?!end )([\w ]+) -->\n(.*?)^<!-- end -->$", re.DOTALL | re.MULTILINE)
_ELSEWHERE = {"trouble": "those of [the table](protocol.md#error-codes) below 600; `0` for none"}
_KINDS = {fields.INT: "whole number", fields.TEXT: "text", fields.CHOICE: "choice"}


def _table(head: str, rows: Iterable[Iterable[object]]) -> str:
    lines = [f"| {head} |", "|" + "---|" * len(head.split("|"))]
    for row in rows:
        cells = [str(cell).replace("|", "\\|") for cell in row]
        lines.append("| " + " | ".join(cells) + " |")
    return "".join(line + "\n" for line in lines)


def _code(text: object) -> str:
    return f"`{text}`"


def _bounds(field: fields.Field) -> str:
    """Bounds on the wire: numbers as they are, in the unit of the name."""
    if field.kind == fields.INT:
        return f"{field.low} to {field.high}" if field.low < field.high else f"{field.low}"
    if field.kind == fields.CHOICE:
        return ", ".join(map(_code, field.choices))
    if field.kind == fields.DATE:
        return "yyyymmdd"
    if field.low == field.high:
        return f"{field.low} characters"
    return f"{field.low} to {field.high} characters"


def _requests() -> str:
    rows: list[tuple[str, ...]] = []
    for name, (arguments, _) in meanings.REQUESTS.items():
        first = _code(name)
        if not arguments:
            rows.append((first, "none", "", "", ""))
        for field in arguments:
            doc = meanings.MEANINGS["request"][field.name]
            bounds = _bounds(field) + ("" if field.default is None else ", or left out")
            rows.append((first, _code(field.name), field.kind, bounds, doc))
            first = ""
    return _table("request | argument | kind | bounds | what it is", rows)


def _variables() -> str:
    rows = [(_code(name), meanings.MEANINGS["trace"][name]) for name in trace.NAMES]
    return _table("name | what it is", rows)


def _sections() -> str:
    rows: list[tuple[str, ...]] = []
    for kind, (section, _, _) in program.SECTIONS.items():
        if kind == "soft":
            continue  # its fields are those of `hard`
        first = "`hard`, `soft`" if kind == "hard" else _code(kind)
        for field in section:
            doc = meanings.MEANINGS["limits" if kind == "hard" else kind][field.name]
            default = "" if field.default is None else str(field.default)
            rows.append((first, _code(field.name), field.kind, _bounds(field), default, doc))
            first = ""
    return _table("section | field | kind | bounds | if left out | what it is", rows)


def _errors() -> str:
    names = sorted(errors.names().items())
    rows = [(code, _code(name), *texts.TEXT[code]) for code, name in names]
    return _table("code | name | what it means | what to do", rows)


def _doctor() -> str:
    rows: list[tuple[str, ...]] = []
    for check in doctor.CHECKS:
        # Of a port's causes those that every platform has.
        known = port_checks.causes("") if check.id == "port" else check.causes
        first, allowed = check.title, check.allowed
        known = known[:1] if check.stage == HANDS else known
        for cause in faults.filled(known):
            rows.append((first, allowed, cause.what, cause.do))
            first = allowed = ""
    return _table("check | allowed | why it may fail | what mends it", rows)


def _doctor_faults() -> str:
    rows: list[tuple[str, ...]] = []
    for code in faults.FAULTS:
        first = _code(errors.name(code))
        for cause in faults.causes(code, None):
            rows.append((first, cause.what, cause.do))
            first = ""
    return _table("fault | why | what mends it", rows)


def _keys(columns: Iterable[tables.Column]) -> str:
    rows: list[tuple[str, ...]] = []
    for column in columns:
        allowed = column.allowed
        if column.choices:
            allowed = ", ".join(f'`"{choice}"`' for choice in column.choices)
        kind = "quantity" if column.suffix else _KINDS.get(column.kind, column.kind)
        rows.append((_code(column.key), kind, allowed, _default(column), column.doc))
    return _table("key | kind | allowed | if left out | what it is", rows)


def _default(column: tables.Column) -> str:
    default = column.left_out
    if default is None:
        return "must be there"
    return _code(f'"{default}"' if isinstance(default, str) else default)


def _units() -> str:
    every = (tables.HEAD, tables.NEEDLE, tables.PRODUCT, tables.INGREDIENT, tables.LIMITS)
    columns = [column for section in (*every, tables.ZONE) for column in section]
    rows: list[tuple[str, str]] = []
    for suffix, units in quantity.UNITS.items():
        keys = [_code(column.key) for column in columns if column.suffix == suffix]
        if keys:
            rows.append((", ".join(dict.fromkeys(keys)), ", ".join(map(_code, units))))
    return _table("keys | units", rows)


def _syringes() -> str:
    rows: list[tuple[str, ...]] = []
    for name in parts.SYRINGE_NAMES:
        syringe = parts.SYRINGES[name]
        told = (
            fields.show("bore_um", syringe.bore_um),
            fields.show("volume_nl", syringe.volume_nl),
            fields.show("least_nl", syringe.least_nl),
            f"{syringe.pressure_mbar / 1000:g} bar",
        )
        rows.append((_code(name), *told))
    return _table("syringe | inner diameter | holds | smallest dose | pressure at most", rows)


def _needles() -> str:
    rows = [(_code(name), f"{parts.NEEDLES[name].bore_um} µm") for name in _by_bore()]
    return _table("gauge | inner diameter", rows)


def _by_bore() -> list[str]:
    return sorted(parts.NEEDLES, key=lambda name: -parts.NEEDLES[name].bore_um)


def _rates() -> str:
    """The highest rates of one shot on a nominal gun."""
    zone = {
        "mode": BURST, "depth_um": 2_000, "angle_deg": 90, "volume_nl": 10_000, "rate_per_min": 1,
        "flow_nl_s": program.FLOW_MAX_NL_S, "dwell_ms": 0,
    }  # fmt: skip
    rows: list[tuple[str, ...]] = []
    for needle in _by_bore():
        told: list[str] = []
        for syringe in parts.SYRINGE_NAMES:
            head = {
                "syringe": syringe, "needle": needle, "length_um": 4_000, "pins": 1,
                "viscosity_upa_s": 1_000,
            }  # fmt: skip
            taken, fit = aim.Aim(), shot.nominal(head)
            steps = zone["volume_nl"] * dose.FL_PER_NL // fit.step_fl
            fault = taken.take(zone, fit, shot.NOMINAL_FOOT_UM, shot.NOMINAL_STEP_PM, steps)
            most = min(aim.most_per_min(taken.lasts_us), program.RATE_MAX_PER_MIN)
            told.append("–" if fault else str(most))
        rows.append((_code(needle), *told))
    return _table(" | ".join(["gauge", *map(_code, parts.SYRINGE_NAMES)]), rows)


def _modes() -> str:
    rows: list[tuple[str, ...]] = []
    for name in modes.MODES:
        mode = modes.MODE[name]
        most = fields.show("volume_nl", mode.most_nl) if mode.most_nl else "no fluid"
        rows.append((_code(name), fields.show("depth_um", mode.deepest_um), most))
    return _table("mode | depth at most | one shot at most", rows)


def _layers() -> str:
    layers = [(name, parts.LAYERS[name]) for name in parts.LAYER_NAMES]
    rows = [(_code(name), fields.show("depth_um", depth_um)) for name, depth_um in layers]
    return _table("layer | depth at most", rows)


def _holes() -> str:
    rows: list[tuple[str, ...]] = []
    for name, hole in HOLES.items():
        told = _ELSEWHERE.get(name, ", ".join(map(_code, hole.allowed)))
        rows.append((_code(f"{{{name}}}"), hole.what, told, _code(hole.example)))
    return _table("in braces | what it is | its words or units | for example", rows)


BLOCKS: dict[str, Callable[[], str]] = {
    "requests": _requests,
    "variables": _variables,
    "sections": _sections,
    "errors": _errors,
    "keys of a program": lambda: _keys(tables.HEAD),
    "keys of a needle": lambda: _keys(tables.NEEDLE),
    "keys of a product": lambda: _keys(tables.PRODUCT),
    "keys of an ingredient": lambda: _keys(tables.INGREDIENT),
    "keys of limits": lambda: _keys(tables.LIMITS),
    "keys of a zone": lambda: _keys(tables.ZONE),
    "units": _units,
    "syringes": _syringes,
    "needles": _needles,
    "rates": _rates,
    "bounds of modes": _modes,
    "layers": _layers,
    "holes": _holes,
    "doctor": _doctor,
    "doctor faults": _doctor_faults,
    **SAFETY,
}


def block(name: str) -> str:
    """What stands in a block."""
    return f"\n{BLOCKS[name]()}\n"


def blocks(text: str) -> dict[str, str]:
    """The blocks of a page: what stands in them, by name."""
    return {found[1]: found[2] for found in _BLOCK.finditer(text)}


def dialogue(sent: Iterable[str]) -> list[list[str]]:
    """What a virtual gun answers to each of the host's lines, all without their newlines."""
    world = World(1)
    world.board.build = BUILD
    world.run_until(FIRST_US)
    answers: list[list[str]] = []
    for line in sent:
        world.board.to_gun.append(line.encode("ascii") + b"\n")
        world.touch()
        world.run_for(EACH_US)
        answers.append(world.board.to_host.decode("ascii").splitlines())
        world.board.to_host.clear()
    return answers


def _sealed(line: str) -> str:
    body = line[: line.rindex("*")]
    return f"{body}*{binascii.crc32(body.encode('ascii')):08x}"


def _renewed(text: str) -> str:
    text = _BLOCK.sub(lambda found: f"<!-- {found[1]} -->\n{block(found[1])}<!-- end -->", text)
    lines = [line for line in text.splitlines() if not line.startswith(ANSWERED)]
    sent = {number: _sealed(line[2:]) for number, line in enumerate(lines) if line.startswith(SENT)}
    answers = dialogue(sent.values()) if sent else []
    for (number, line), answer in zip(sent.items(), answers, strict=True):
        lines[number] = "\n".join(["> " + line, *("< " + one for one in answer)])
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    for path in PATHS:
        before = path.read_text(encoding="utf-8")
        after = _renewed(before)
        if after != before:
            path.write_text(after, encoding="utf-8")

"""The schematic passes its electrical rule check, its netlist is whole, its pictures are fresh.

Run by `make hardware`: SKiDL, schemdraw and WireViz are in the extra mesogun[hardware].
"""

import os
import re
import shutil

import pytest

from hardware.electronics import __main__ as command
from hardware.electronics.model import box
from hardware.electronics.sheets import PARTS, SHEETS

if not os.environ.get("CI"):
    for tool in ("skidl", "schemdraw", "wireviz"):
        pytest.importorskip(tool, reason=f"{tool} is in mesogun[hardware]: make hardware")
from hardware.electronics import drawing, harness, skidl_netlist

STALE = "is not what is drawn now: python -m hardware.electronics"


@pytest.fixture(scope="module")
def circuit():
    return skidl_netlist.circuit(PARTS)


def test_the_electrical_rule_check_has_nothing_to_say(circuit):
    assert skidl_netlist.said(circuit) == []


@pytest.mark.parametrize(
    ("pins", "said"),
    [
        ("1 O out REGISTERS_IN", "Pin conflict on net REGISTERS_IN"),
        ("1 V src V5", "Pin conflict on net V5"),
        ("1 I in NOWHERE", "No drivers for net NOWHERE"),
        ("1 V pwr V9", "Insufficient drive current on net V9"),
    ],
)
def test_the_electrical_rule_check_finds_a_fault(pins, said):
    made = skidl_netlist.circuit((*PARTS, box("U999", "seeded", "seeded", pins)))
    assert any(said in line for line in skidl_netlist.said(made))


def test_the_netlist_has_every_part_and_every_net(circuit, tmp_path):
    path = tmp_path / "gun.net"
    skidl_netlist.write(circuit, path)
    text = path.read_text(encoding="utf-8")
    assert set(re.findall(r'\(comp\s+\(ref "([^"]+)"\)', text)) == {part.ref for part in PARTS}
    nets = {name for part in PARTS for name in part.nets if name}
    assert set(re.findall(r'\(net\s+\(code \S+\)\s+\(name "([^"]+)"\)', text)) == nets


@pytest.mark.parametrize("sheet", SHEETS, ids=[sheet.name for sheet in SHEETS])
def test_a_sheet_is_drawn_whole_and_its_picture_is_fresh(sheet):
    drawn = drawing.svg(sheet)
    text = drawn.decode()
    for part in sheet.parts:
        assert f">{part.ref}<" in text or f">{part.ref} (" in text or f">{part.ref}:" in text
    path = command.PICTURES / f"{sheet.name}.svg"
    assert path.read_bytes() == drawn, f"{path.name} {STALE}"
    assert len(drawn) < 200_000


def test_the_wirings_picture_is_fresh():
    assert shutil.which("dot"), command.NO_DOT
    path = command.PICTURES / "wiring.svg"
    held = path.read_text(encoding="utf-8")
    assert harness.texts(held) == harness.texts(harness.svg()), f"{path.name} {STALE}"
    assert len(held) < 200_000

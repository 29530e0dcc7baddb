"""Footprints of KiCad's own libraries, for whoever lays the boards out: by shape, then by key.

estimate: names as remembered of the libraries; what stands nowhere here is off the boards.
"""

from hardware.electronics.model import Part

_SHAPES = {
    "resistor": "Resistor_THT:R_Axial_DIN0207_L6.3mm_D2.5mm_P10.16mm_Horizontal",
    "capacitor": "Capacitor_SMD:C_0805_2012Metric_Pad1.18x1.45mm_HandSolder",
    "polar": "Capacitor_THT:CP_Radial_D10.0mm_P5.00mm",
    "schottky": "Diode_THT:D_DO-201AD_P15.24mm_Horizontal",
    "zener": "Diode_THT:D_DO-35_SOD27_P7.62mm_Horizontal",
    "tvs": "Diode_SMD:D_SMB_Handsoldering",
    "fuse": "Fuse:Fuseholder_Cylinder-5x20mm_Schurter_0031_8201_Horizontal_Open",
    "polyfuse": "Fuse:Fuse_Bourns_MF-RG300",
    "ntc": "Resistor_THT:R_Axial_DIN0204_L3.6mm_D1.6mm_P7.62mm_Horizontal",
    "pmos": "Package_TO_SOT_THT:TO-220-3_Vertical",
    "nmos": "Package_TO_SOT_SMD:SOT-23_Handsoldering",
}
_KEYS = {
    "pico": "Module:RaspberryPi_Pico_Common_THT",
    "driver": "Module:Pololu_Breakout-16_15.2x20.3mm",
    "buck_5v": "Converter_DCDC:Converter_DCDC_TRACO_TSR-1_THT",
    "supervisor": "Package_TO_SOT_THT:TO-92_Inline",
    "ldo_3v3": "Package_TO_SOT_THT:TO-92_Inline",
    "link": "Package_SO:SOIC-8_3.9x4.9mm_P1.27mm",
    "fram": "Package_SO:SOIC-8_3.9x4.9mm_P1.27mm",
    "esd_array": "Package_TO_SOT_SMD:SOT-23-6_Handsoldering",
    "registers.in": "Package_DIP:DIP-16_W7.62mm",
    "registers.out": "Package_DIP:DIP-16_W7.62mm",
    "sink": "Package_DIP:DIP-16_W7.62mm",
    "diode": "Diode_THT:D_DO-35_SOD27_P7.62mm_Horizontal",
    "conn_display": "Connector_JST:JST_XH_B4B-XH-A_1x04_P2.50mm_Vertical",
    "conn_knob": "Connector_JST:JST_XH_B5B-XH-A_1x05_P2.50mm_Vertical",
}
# Wired to pads: in a wall, at the end of a cable, or in the handpiece.
_OFF = "Connector_Wire:SolderWire-0.5sqmm_1x{pins:02}_P4.6mm_D0.9mm_OD2.1mm"


def of(part: Part) -> str:
    """The footprint of a part."""
    return _KEYS.get(part.key) or _SHAPES.get(part.shape) or _OFF.format(pins=len(part.pins))

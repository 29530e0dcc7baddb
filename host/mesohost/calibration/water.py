"""What a mass of water on the balance is as a volume: density, the air's buoyancy, the Z factor.

Temperatures in °C, pressures in hPa, humidity in %, densities in kg/m³, Z in nL/mg.
"""

import math

from mesohost.calibration.model import Conditions

# Of the weights that a balance is adjusted with, by convention (OIML D 28).
WEIGHTS_KG_M3 = 8000.0
# Of the density that the formula gives, of air-saturated water against water of unknown isotopes.
WATER_U = 1e-5

# M. Tanaka, G. Girard, R. Davis, A. Peuto, N. Bignell: Recommended table for the density of water
# between 0 °C and 40 °C based on recent experimental reports. Metrologia 38 (2001) 301-309.
_A1, _A2, _A3, _A4, _A5 = -3.983035, 301.797, 522528.9, 69.34881, 999.974950
# The same paper's correction for the air that water on a bench holds.
_AIR_0, _AIR_1 = -4.612e-3, 0.106e-3


def water_kg_m3(water_c: float) -> float:
    """Density of air-saturated water at 0 to 40 °C and 1013 hPa. Source: Tanaka et al., 2001.

    The air's pressure changes it by 5e-8 a hPa, which is left out.
    """
    far = (water_c + _A1) ** 2 * (water_c + _A2)
    return _A5 * (1 - far / (_A3 * (water_c + _A4))) + _AIR_0 + _AIR_1 * water_c


def air_kg_m3(air_c: float, hpa: float, percent: float) -> float:
    """Density of moist air by the simplified CIPM formula of OIML R 111-1, E.3: to 2e-4 of it at
    900 to 1100 hPa, 10 to 30 °C and up to 80 %."""
    return (0.34848 * hpa - 0.009 * percent * math.exp(0.061 * air_c)) / (273.15 + air_c)


def z_nl_mg(room: Conditions) -> float:
    """Volume that a milligram on the balance stands for, in nL/mg.

    Z = 1/ρ (1 - a/b) / (1 - a/ρ) with ρ of the water, a of the air, b of the weights: ISO 8655-6.
    """
    water = water_kg_m3(room.water_c)
    air = air_kg_m3(room.air_c, room.hpa, room.percent)
    # 1 mg of a density of 1 kg/m³ is 1e-6 m³, which is 1e6 nL.
    return 1e6 / water * (1 - air / WEIGHTS_KG_M3) / (1 - air / water)


def z_uncertainty(room: Conditions) -> float:
    """Standard uncertainty of Z as a share of it, from those of the room's instruments."""
    here = z_nl_mg(room)
    others = (
        room.moved(water_c=room.water_u_c),
        room.moved(air_c=room.air_u_c),
        room.moved(hpa=room.hpa_u),
    )
    return math.hypot(WATER_U, *(z_nl_mg(other) / here - 1 for other in others))

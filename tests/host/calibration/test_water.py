"""Water by weight: density, air, the Z factor of ISO 8655-6."""

import pytest

from mesohost.calibration.model import Conditions
from mesohost.calibration.water import air_kg_m3, water_kg_m3, z_nl_mg, z_uncertainty


def room(celsius, hpa=1013.0, percent=50.0, **more):
    return Conditions(water_c=celsius, air_c=celsius, hpa=hpa, percent=percent, **more)


@pytest.mark.parametrize(
    ("celsius", "kg_m3"), [(5, 999.9668), (15, 999.1026), (20, 998.2067), (25, 997.0470)]
)
def test_water_has_the_density_of_the_published_table_less_the_air_in_it(celsius, kg_m3):
    # Tanaka et al., table of air-free water; saturated with air it is 2 to 4 g/m³ lighter.
    dissolved = 4.612e-3 - 0.106e-3 * celsius
    assert water_kg_m3(celsius) == pytest.approx(kg_m3 - dissolved, abs=1e-4)


def test_air_has_the_density_of_the_law_of_gases():
    # Dry air at 0 °C and 1013.25 hPa: 1.293 kg/m³; vapour is lighter than air.
    assert air_kg_m3(0.0, 1013.25, 0.0) == pytest.approx(1.293, rel=1e-3)
    assert air_kg_m3(20.0, 1013.25, 80.0) < air_kg_m3(20.0, 1013.25, 20.0)


@pytest.mark.parametrize(
    ("celsius", "hpa", "z"), [(15, 1013, 1.0020), (20, 1013, 1.0029), (25, 1013, 1.0040)]
)
def test_a_milligram_is_what_iso_8655_says(celsius, hpa, z):
    assert z_nl_mg(room(celsius, hpa)) / 1000 == pytest.approx(z, abs=5.1e-5)


def test_thin_air_bears_less():
    assert z_nl_mg(room(20, 800)) < z_nl_mg(room(20, 1013))


def test_a_worse_thermometer_leaves_more_doubt():
    # Water expands by 2.1e-4 a degree at 20 °C.
    assert z_uncertainty(room(20, water_u_c=1.0)) == pytest.approx(2.1e-4, rel=0.05)
    assert z_uncertainty(room(20)) < z_uncertainty(room(20, water_u_c=1.0))

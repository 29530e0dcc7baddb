"""`hardware/gun.toml` as the virtual gun is built from it, read once.

In a checkout the file stands in `hardware/`; a wheel carries it inside this package.
"""

from functools import cache
from pathlib import Path

from mesosim.physics.gun import Gun, Syringe, load

_PACKAGED = Path(__file__).with_name("gun.toml")
_CHECKED_OUT = Path(__file__).parents[2] / "hardware" / "gun.toml"


@cache
def gun() -> Gun:
    """The nominal gun. Raises OSError where its file is missing."""
    return load(_CHECKED_OUT if _CHECKED_OUT.is_file() else _PACKAGED)


def riding_g(fitted: Syringe | None) -> float:
    """Mass on the carriage in g, with a filled syringe or none."""
    nominal = gun()
    if fitted:
        return nominal.riding_g(fitted)
    any_one = nominal.syringes[0]
    return nominal.riding_g(any_one) - any_one.filled_g

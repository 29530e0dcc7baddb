"""The products of a plan, as the clinic's journal has them."""

import datetime

from mesohost.clinic.bodies import Used
from mesohost.console.plan import Plan, PlannedProduct

_PPM_A_PERCENT = 10_000


def used(plan: Plan) -> tuple[Used, ...]:
    """The products of which lot and expiry are known."""
    found = [_used(product) for product in plan.products]
    return tuple(one for one in found if one)


def _used(product: PlannedProduct) -> Used | None:
    try:
        expiry = datetime.date.fromisoformat(product.expiry)
        share = float(product.share.rstrip(" %"))
    except ValueError:
        return None
    if not product.lot:
        return None
    return Used(product.name, product.lot, expiry, product.gtin,
                share_ppm=round(share * _PPM_A_PERCENT))  # fmt: skip

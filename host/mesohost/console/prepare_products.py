"""The products that are really used: lot and expiry, typed or scanned from the package's code."""

from nicegui import ui

from mesohost.clinic import gs1
from mesohost.console import plan as plans
from mesohost.console.drafting import Drafting, faults
from mesohost.console.plan import PlannedProduct
from mesohost.console.widgets import BAD, GOOD, Words, box, card, line, notice
from mesohost.troubles import Trouble

_SCAN_MAX = 200


def draw(drafting: Drafting) -> None:
    """The step's content."""
    texts = drafting.texts
    if not drafting.plan.products:
        Words("p", texts("products.none"), "notice")
    with box("products"):
        for at, product in enumerate(drafting.plan.products):
            with card(f"{product.name} · {product.share}", "product-card"):
                _Row(drafting, product, at)


def open_point(drafting: Drafting) -> str:
    """What is still open here, in words; empty where nothing is."""
    wrong = plans.within(drafting.loaded.faults, "products")
    return drafting.texts("products.open") if wrong else ""


class _Row:
    """One product: a field for a scan, and what came of it, which can be typed as well."""

    def __init__(self, drafting: Drafting, product: PlannedProduct, at: int):
        texts = drafting.texts
        self._drafting = drafting
        self._product = product
        with box("product-fields"):
            self._scan = line(texts("products.scan"), "", self._scanned, _SCAN_MAX,
                              texts("products.scan_hint"), f"scan-{at + 1}")  # fmt: skip
            self._lot = line(texts("products.lot"), product.lot, self._set_lot, 24, "",
                             f"lot-{at + 1}")  # fmt: skip
            self._expiry = line(texts("products.expiry"), product.expiry, self._set_expiry, 10, "",
                                f"expiry-{at + 1}")  # fmt: skip
            self._expiry.props("type=date")
        self._said = ui.element("div")
        self._said.props["aria-live"] = "polite"
        faults(drafting, f"products[{at + 1}].")

    def _scanned(self, text: str) -> None:
        if not text:
            return
        texts = self._drafting.texts
        self._said.clear()
        with self._said:
            try:
                found = gs1.parse(text)
            except Trouble as trouble:
                notice(str(trouble), BAD)
                return
            notice(texts("products.read", gtin=found.gtin or "–"), GOOD)
        product = self._product
        product.gtin = found.gtin or product.gtin
        product.lot = found.lot or product.lot
        product.expiry = found.expiry.isoformat() if found.expiry else product.expiry
        self._scan.set_value("")
        self._lot.set_value(product.lot)
        self._expiry.set_value(product.expiry)
        self._drafting.changed()

    def _set_lot(self, lot: str) -> None:
        if lot != self._product.lot:
            self._product.lot = lot
            self._drafting.changed()

    def _set_expiry(self, expiry: str) -> None:
        if expiry != self._product.expiry:
            self._product.expiry = expiry
            self._drafting.changed()

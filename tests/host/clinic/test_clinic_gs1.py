"""What a scanner reads off a package, and what is said where it cannot be relied on."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesohost.clinic import gs1
from mesohost.clinic.gs1 import NotGs1, Scanned

DAY = datetime.date
# The example number of GS1's own documents.
GTIN = "09501101530003"


@pytest.mark.parametrize(
    ("text", "scanned"),
    [
        (f"01{GTIN}1727013110AB-1", Scanned(GTIN, "AB-1", DAY(2027, 1, 31))),
        (f"]d201{GTIN}10AB-1\x1d17270131", Scanned(GTIN, "AB-1", DAY(2027, 1, 31))),
        (f"]C101{GTIN}10AB-1\x1d1727013121X9", Scanned(GTIN, "AB-1", DAY(2027, 1, 31), "X9")),
        (f"\x1d01{GTIN}21X9\x1d10AB\x1d", Scanned(GTIN, "AB", None, "X9")),
        (f"01{GTIN}10AB<GS>17270131", Scanned(GTIN, "AB", DAY(2027, 1, 31))),
        (f"(01){GTIN}(17)270131(10)AB-1(21)X9", Scanned(GTIN, "AB-1", DAY(2027, 1, 31), "X9")),
        (f" (01) {GTIN} (10) AB \r\n", Scanned(GTIN, "AB")),
        ("17270200", Scanned(expiry=DAY(2027, 2, 28))),
        ("17280200", Scanned(expiry=DAY(2028, 2, 29))),
        ("(17)271200", Scanned(expiry=DAY(2027, 12, 31))),
        ("10AB1727", Scanned(lot="AB1727")),
    ],
)
def test_a_scan_is_read(text: str, scanned: Scanned):
    assert gs1.parse(text) == scanned


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("01095011015300041727013110AB", "check digit does not fit"),
        ("(01)09501101530004", "check digit does not fit"),
        ("010950110153000", r"\(01\) takes 14 digits"),
        ("17271331", r"\(17\) takes 6 digits, YYMMDD"),
        ("17270229", r"\(17\) takes 6 digits, YYMMDD, of a day that exists"),
        ("10" + "A" * 21, "takes|known identifier|cannot be read"),
        ("", "nothing was scanned"),
        ("\x1d", "nothing was scanned"),
        ("]E09501101530003", "another kind"),
        ("hello", "known identifier"),
        ("9912345", "neither product nor lot nor expiry"),
        ("(10)A(B", "bracket"),
        ("(10)A\x1d(10)B", "bracket|twice|cannot"),
        ("10A\x1d10B", "twice"),
        ("10LOT17270131", "leaves out the separator"),
        ("1" * 500, "at most 200"),
    ],
)
def test_what_cannot_be_relied_on_is_refused(text: str, told: str):
    with pytest.raises(NotGs1, match=told) as refused:
        gs1.parse(text)
    assert refused.value.remedies


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str):
    try:
        assert gs1.parse(text) != Scanned()
    except NotGs1:
        pass


_LOT = st.text("ABCDEFGHJKLMNP-/.", min_size=1, max_size=20)


@given(lot=_LOT, serial=_LOT, expiry=st.dates(DAY(2000, 1, 1), DAY(2049, 12, 31)))
def test_order_and_form_do_not_matter(lot: str, serial: str, expiry: datetime.date):
    day = expiry.strftime("%y%m%d")
    scans = (
        f"01{GTIN}17{day}10{lot}\x1d21{serial}",
        f"]d221{serial}\x1d10{lot}\x1d17{day}01{GTIN}",
        f"(10){lot}(21){serial}(01){GTIN}(17){day}",
    )
    read = {gs1.parse(scan) for scan in scans}
    assert len(read) == 1
    (one,) = read
    assert (one.lot, one.serial, one.gtin) == (lot, serial, GTIN)
    assert one.expiry
    assert one.expiry.strftime("%y%m%d") == day

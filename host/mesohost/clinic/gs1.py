"""What a scanner reads off a package: a product's number, lot, expiry and serial number, as GS1
element strings (GS1 General Specifications, section 3: AI 01, 10, 17 and 21).

Taken as scanners send it (symbology identifier, group separators) and as it is printed, with the
identifiers in brackets. Reading the identifiers is the library's; what a clinic needs of it, and
what is wrong where it is not there, is said here.
"""

import datetime
import re

import msgspec

from mesohost.clinic.refusing import ClinicTrouble

_GTIN, _LOT, _EXPIRY, _SERIAL = "01", "10", "17", "21"
_TEXT_MAX = 200
_SEPARATOR = "\x1d"
# How programs and people write the separator (FNC1), which no keyboard has.
_WRITTEN = ("<GS>", "{GS}", "<FNC1>", "{FNC1}", "␝")
_SYMBOLOGY = re.compile(r"\](..)")
# Those that carry element strings: DataMatrix, GS1-128, QR, DataBar.
_CARRIERS = ("d2", "C1", "Q3", "e0")
_TYPE_IT = "type name, lot and expiry as they are printed"


class NotGs1(ClinicTrouble):
    """The text is no GS1 element string that can be relied on."""


class Scanned(msgspec.Struct, frozen=True):
    """What a package says; empty or None where it says nothing of it. `expiry` is the last day on
    which the product may be used."""

    gtin: str = ""
    lot: str = ""
    expiry: datetime.date | None = None
    serial: str = ""


def parse(text: str) -> Scanned:
    """Read a scan, or a line as it is printed. Raises NotGs1."""
    from biip import ParseError  # Only who scans pays for it.
    from biip.gs1_messages import GS1Message

    plain = _plain(text)
    bracketed = plain.startswith("(")
    try:
        read = GS1Message.parse_hri if bracketed else GS1Message.parse
        found = read(plain).element_strings
    except (ParseError, ValueError) as error:
        raise NotGs1(
            f"this cannot be read: {_why(plain, error)}", ["scan again", _TYPE_IT]
        ) from error
    if bracketed and "".join(f"({one.ai.ai}){one.value}" for one in found) != plain:
        raise NotGs1("a bracket stands within a value", [_TYPE_IT])
    values: dict[str, str] = {}
    expiry = None
    for one in found:
        if values.setdefault(one.ai.ai, one.value) != one.value:
            raise NotGs1(f"({one.ai.ai}) is there twice, with different values", ["scan again"])
        if one.ai.ai == _GTIN and one.gtin is None:
            raise NotGs1(
                f"the product number {one.value} is wrong: its check digit does not fit",
                ["scan again", "compare it with what is printed below the code"],
            )
        if one.ai.ai == _EXPIRY:
            expiry = one.date
    scanned = Scanned(
        gtin=values.get(_GTIN, ""),
        lot=values.get(_LOT, ""),
        expiry=expiry,
        serial=values.get(_SERIAL, ""),
    )
    _check(scanned, bracketed)
    return scanned


def _plain(text: str) -> str:
    """The text as element strings alone."""
    for written in _WRITTEN:
        text = text.replace(written, _SEPARATOR)
    # Blanks are in no element string; the separator is a blank to some.
    text = "".join(sign for sign in text if sign == _SEPARATOR or not sign.isspace())
    if len(text) > _TEXT_MAX:
        raise NotGs1(f"a scan has at most {_TEXT_MAX} characters", ["scan one package"])
    marked = _SYMBOLOGY.match(text)
    if marked:
        if marked[1] not in _CARRIERS:
            raise NotGs1(
                f"this is a code of another kind (]{marked[1]}), which holds no lot and expiry",
                ["scan the package's other code, mostly a square one", _TYPE_IT],
            )
        text = text[3:]
    text = text.strip(_SEPARATOR)
    if not text:
        raise NotGs1("nothing was scanned", ["scan again"])
    return text


def _check(scanned: Scanned, bracketed: bool) -> None:
    if scanned == Scanned():
        raise NotGs1("this names neither product nor lot nor expiry", [_TYPE_IT])
    if bracketed:
        return
    for value in (scanned.lot, scanned.serial):
        swallowed = scanned.expiry is None and re.search(r"17\d{6}", value)
        if swallowed and _is_date(swallowed[0][2:]):
            raise NotGs1(
                f"in {value!r} an expiry seems to hide: the scanner leaves out the separator",
                ["set the scanner to send FNC1 as GS (ASCII 29)", _TYPE_IT],
            )


def _is_date(text: str) -> bool:
    return 1 <= int(text[2:4]) <= 12 and int(text[4:6]) <= 31


# What each identifier takes, in words.
_TAKES = {
    _GTIN: "14 digits",
    _LOT: "1 to 20 letters and digits",
    _EXPIRY: "6 digits, YYMMDD, of a day that exists (00 is the month's last)",
    _SERIAL: "1 to 20 letters and digits",
}
_NAMED = re.compile(r"AI \((\d+)\)")


def _why(text: str, error: Exception) -> str:
    named = _NAMED.search(str(error))
    number = named[1] if named else text.lstrip("(")[:2]
    if number in _TAKES:
        return f"({number}) takes {_TAKES[number]}"
    return "it does not begin with a known identifier, as (01), (10), (17), (21)"

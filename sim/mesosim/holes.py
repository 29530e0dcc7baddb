"""What may be filled into the steps of a scenario: for each kind of hole, how it looks, what it may
be, and its value."""

import datetime
import difflib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from mesofw.core import door, errors, parts, records, states

LIGHTS = ("off", "idle", "wait", "ready", "shot", "low", "alarm", "bench")
SOUNDS = ("off", "shot", "refused", "low", "medium", "high")
# What hands press: its name in the plant.
SWITCHES = {"trigger": "trigger", "pedal": "pedal", "knob": "press", "foot": "contact"}
# What can stick: its name in the plant.
STICKING = {
    **SWITCHES,
    "seat": "seated",
    "stop": "stop",
    "carriage home": "carriage_home",
    "plunger home": "plunger_home",
}
AXES = {"carriage": door.CARRIAGE, "plunger": door.PLUNGER}
# What the board finds to fail.
UNITS = {
    "driver": door.PART_DRIVER,
    "journal": door.PART_JOURNAL,
    "pulses": door.PART_PULSES,
    "display": door.PART_DISPLAY,
    "firmware": door.PART_FIRMWARE,
    "watchdog": door.PART_WATCHDOG,
}
# What an encoder counts for each count.
ENCODERS = {"dead": 0, "reversed": -1, "good": 1}
# What is stored: the name of its files, empty where it is in the journal memory.
STORED = {
    "settings": "settings",
    "calibration": "calibration",
    "commissioning": "commissioning",
    "program": "program",
    "counters": "",
    "last shot": "",
}
# What an engineer asks for on the bench, beside single motions.
ACTS = ("read", "home", "seek", "hold", "release", "leave")
PHASES = ("advance", "dispense", "dwell", "withdraw", "back-off")
ENDINGS = {
    "complete": records.COMPLETE,
    "partial": records.PARTIAL,
    "interrupted": records.INTERRUPTED,
}
# A fault stops the gun with one of these; codes from here on are events.
_FIRST_EVENT = 600
_NEAR_ENOUGH = 0.7
_EVENTS = tuple(name for code, name in sorted(errors.names().items()) if code >= _FIRST_EVENT)
TROUBLES = ("0", *(name for code, name in sorted(errors.names().items()) if code < _FIRST_EVENT))

_WORD = r"(\S+)"
_WORDS = r"(.+?)"
_VALUE_AND_UNIT = r"(\S+(?: \S+)?)"
_NAME_AND_KIND = r"(\S+(?: [a-z]+)?)"
_QUANTITY = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,9})?) ?(\S+)")


class Unfit(Exception):
    """What is filled in does not fit; says what is allowed."""


@dataclass(frozen=True)
class Hole:
    """A kind of hole: `shape` is a regular expression of one group for what is taken to be meant
    for it, right or wrong; `read` gives its value or raises Unfit; `allowed` are all its words or
    units."""

    shape: str
    read: Callable[[str], int | str]
    what: str
    allowed: tuple[str, ...]
    example: str


def _word(name: str, what: str, allowed: Iterable[str], example: str, shape: str = _WORD) -> Hole:
    words = tuple(allowed)

    def read(text: str) -> str:
        if text in words:
            return text
        near = difflib.get_close_matches(text, words, n=1, cutoff=_NEAR_ENOUGH)
        hint = f"did you mean {near[0]}? " if near else ""
        raise Unfit(f"no such {name}: {text}; {hint}allowed: {', '.join(words)}")

    return Hole(shape, read, what, words, example)


def _quantity(name: str, what: str, units: Mapping[str, int], example: str) -> Hole:
    def read(text: str) -> int:
        found = _QUANTITY.fullmatch(text)
        if not found or found[2] not in units:
            allowed = f"a number and one of {', '.join(units)}"
            raise Unfit(f"{text} is no {name}; allowed: {allowed}, as in {example}")
        return round(float(found[1]) * units[found[2]])

    return Hole(_VALUE_AND_UNIT, read, what, tuple(units), example)


def _whole(name: str, what: str, pattern: str, example: str) -> Hole:
    def read(text: str) -> int:
        if not re.fullmatch(pattern, text):
            raise Unfit(f"{text} is no {name}; allowed: {what}, as in {example}")
        return int(text)

    return Hole(_WORD, read, what, (), example)


def _date(text: str) -> int:
    try:
        day = datetime.date.fromisoformat(text)
    except ValueError:
        raise Unfit(f"{text} is no date; allowed: a day, as in 2031-01-31") from None
    noon = datetime.datetime.combine(day, datetime.time(12), datetime.UTC)
    return int(noon.timestamp())


_TIME = {"µs": 1, "us": 1, "ms": 1_000, "s": 1_000_000, "min": 60_000_000}
_VOLUME = {"nL": 1, "µL": 1_000, "uL": 1_000, "mL": 1_000_000}
_LENGTH = {"µm": 1, "um": 1, "mm": 1_000}
_VOLTAGE = {"mV": 1, "V": 1_000}

# Values are in µs, nl, µm, mV, mN, per cent, tenths of a °C and Unix time in s.
HOLES = {
    "state": _word("state", "a state of the gun", states.STATES, "ready"),
    "light": _word("light", "a light", LIGHTS, "alarm"),
    "sound": _word("sound", "a sound", SOUNDS, "high"),
    "trouble": _word("trouble", "an error's name", TROUBLES, "occlusion"),
    "switch": _word("switch", "what hands press", SWITCHES, "trigger"),
    "part": _word("part", "what can stick", STICKING, "carriage home", _WORDS),
    "unit": _word("unit", "what of the board can fail", UNITS, "driver"),
    "encoder": _word("way of counting", "what an encoder does", ENCODERS, "dead"),
    "stored": _word("stored thing", "what is stored", STORED, "settings", _WORDS),
    "act": _word("act", "what the bench does", ACTS, "home"),
    "phase": _word("phase", "a phase of a motion", PHASES, "dispense"),
    "ending": _word("ending", "how a shot ended", ENDINGS, "partial"),
    "event": _word("event", "an event's name", _EVENTS, "refused"),
    "chain": _word("state of the log", "the log's chain", ("whole", "broken"), "whole"),
    "level": _word("level", "open or closed", ("0", "1"), "1"),
    "axis": _word("axis", "an axis", AXES, "plunger"),
    "size": _word("size", "a syringe's size", parts.SYRINGE_NAMES, "3 mL", _VALUE_AND_UNIT),
    "gauge": _word("gauge", "a needle's gauge", parts.NEEDLE_NAMES, "30G", _NAME_AND_KIND),
    "time": _quantity("time", "a time", _TIME, "1.5 s"),
    "volume": _quantity("volume", "a volume", _VOLUME, "1.5 mL"),
    "length": _quantity("length", "a length", _LENGTH, "4 mm"),
    "voltage": _quantity("voltage", "a voltage", _VOLTAGE, "5 V"),
    "force": _quantity("force", "a force", {"mN": 1, "N": 1_000}, "20 N"),
    "share": _quantity("share", "a share", {"%": 1}, "30 %"),
    "temperature": _quantity("temperature", "a temperature", {"°C": 10}, "80 °C"),
    "date": Hole(_WORD, _date, "a day, at noon UTC", (), "2031-01-31"),
    "count": _whole("count", "a whole number from 0", "[0-9]{1,9}", "3"),
    "steps": _whole("number of steps", "a whole number", "-?[0-9]{1,9}", "-2000"),
    "detents": _whole("number of detents", "a whole number", "-?[0-9]{1,9}", "-3"),
    "text": Hole("(.+)", str, "any text", (), "Change syringe"),
}

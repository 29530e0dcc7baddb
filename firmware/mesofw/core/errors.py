"""Every code that the gun says, logs or shows, with its name. Causes and remedies: `texts`.

A `Fault` is one thing wrong with something that was asked: where, what was found, what is allowed.
Codes: 1xx wire, 2xx program, 3xx a request or shot refused, 4xx a fault that stops the gun,
5xx storage, 6xx what happened (events, no error).
"""

from mesofw.core import aside

NOT_A_MESSAGE = 101
LINE_TOO_LONG = 102
BAD_CHECKSUM = 103
NO_SUCH_REQUEST = 104
OLD_SESSION = 105
OUT_OF_SEQUENCE = 106
PROTOCOL_VERSION = 107

UNKNOWN_KEY = 201
MISSING = 202
WRONG_TYPE = 203
OUT_OF_RANGE = 204
NOT_A_CHOICE = 205
NOT_TEXT = 206
NOT_A_DATE = 207
TOO_MANY = 208
NO_ZONES = 209
BEYOND_LAYER = 210
BEYOND_NEEDLE = 211
BEYOND_SYRINGE = 212
BEYOND_SHOT_LIMIT = 213
BEYOND_ZONE_LIMIT = 214
BEYOND_SESSION_LIMIT = 215
BEYOND_INGREDIENT_LIMIT = 216
BEYOND_NEEDLE_LIFE = 217
EXPIRED = 218
SHARES = 219
DRY_WITH_VOLUME = 220
WET_WITHOUT_VOLUME = 221
RATE_UNREACHABLE = 222
UNIT_MISTAKEN = 224
NO_UNIT = 225
NOT_TOML = 226
NOT_UTF8 = 227
TOO_LARGE = 228
UNREADABLE = 229
BROKEN_PROGRAM = 230
BEYOND_DEVICE = 231
TOO_FINE = 232
SHOT_TOO_LONG = 233
DOSE_TOO_SMALL = 234
PUNCTURE_TOO_HARD = 235
NOT_SIZED = 236
PRESSURE_STAYS = 237
BEYOND_MODE = 238

NOT_NOW = 301
NO_UPLOAD = 302
UPLOAD_MISMATCH = 303
UPLOAD_INCOMPLETE = 304
OTHER_ARCHIVE = 305
NOT_HELD = 306
NO_CONTACT = 310
NO_SYRINGE = 311
NOT_PRIMED = 312
VOLUME_SHORT = 313
SHOT_LIMIT = 314
ZONE_DONE = 315
NOT_CALIBRATED = 316
NOT_COMMISSIONED = 317
STOP_PRESSED = 318
SUPPLY_LOW = 319
LOG_FULL = 320
TRIGGER_HELD = 321
WRONG_STATE = 322
NO_PROGRAM = 323
NO_KEY = 324
WRONG_KEY = 325
NO_CHALLENGE = 326
NOT_ALLOWED = 327
CLOCK_BACK = 328

ESTOP = 401
SUPPLY_LOST = 402
OVERHEATED = 403
HOME_NOT_FOUND = 404
HOME_STUCK = 405
CARRIAGE_LOST = 406
PLUNGER_LOST = 407
OCCLUSION = 408
CONTACT_LOST = 409
SYRINGE_OUT = 410
SELF_TEST = 411
STOPPER_NOT_FOUND = 412
NOT_RETRACTED = 413
DOSE_MISSED = 414
INTERNAL = 415
MOTION_LATE = 416
SYRINGE_WRONG = 417
FORCE_CELL = 418
NEEDLE_WRONG = 419
DRIVER_SILENT = 420
PULSES_DAMAGED = 421
FIRMWARE_DAMAGED = 422
WATCHDOG_DEAD = 423
SENSOR_BROKEN = 424
BENCH_TOUCHED = 425

SLOT_EMPTY = 501
SLOT_CORRUPT = 502
STORE_FAILED = 503
JOURNAL_FAILED = 504

EVENT_BOOT = 601
EVENT_CLOCK = 602
EVENT_PROGRAM = 603
EVENT_CONFIRMED = 604
EVENT_OVERRIDE = 605
EVENT_LOADED = 607
EVENT_PRIMED = 608
EVENT_ZONE = 609
EVENT_REFUSED = 610
EVENT_PAUSED = 611
EVENT_RESUMED = 612
EVENT_FAULT = 613
EVENT_CLEARED = 614
EVENT_ENDED = 615
EVENT_ALERT = 616
EVENT_WITHOUT = 617
EVENT_CHANGED = 618
EVENT_SERVICE = 619
EVENT_SILENCED = 620
EVENT_MOVED = 621
EVENT_LOW = 622
EVENT_CALIBRATING = 623

# Faults after which the needle's way back cannot be trusted to its motor: the spring does it.
CUTS_DRIVERS = (
    ESTOP,
    SUPPLY_LOST,
    CARRIAGE_LOST,
    MOTION_LATE,
    INTERNAL,
    HOME_NOT_FOUND,
    HOME_STUCK,
    DRIVER_SILENT,
    PULSES_DAMAGED,
)

_CODES = globals()  # a table of names besides would take memory that the gun needs


def name(code: int) -> str:
    """The code's short name, for people: its constant's in small letters, an event's without
    EVENT_; the number as text where there is none. There is none on the gun: what it is compiled
    from has the numbers in the constants' place."""
    for constant in _CODES:
        if _CODES[constant] == code:
            return constant.replace("EVENT_", "").lower()
    return str(code)


def known(code) -> bool:
    """Whether `code` is one of ours, not what the operating system calls an error of its own."""
    return type(code) is int and 200 < code < 700


def names() -> "dict[int, str]":
    """Every code with its short name."""
    codes = [code for code in _CODES.values() if isinstance(code, int)]
    return {code: name(code) for code in codes}


def cause(code: int) -> str:
    """What the code means, in the operator's words."""
    return _told(code)[0]


def remedy(code: int) -> str:
    """What to do next."""
    return _told(code)[1]


_last = {}  # the code that was last asked for: its texts


def _told(code: int) -> tuple:
    """(cause, remedy). The texts are read in for the one that is asked for and let go of, unless
    someone else holds them; that one is kept until another is asked for."""
    if code in _last:
        return _last[code]
    held = aside.held("texts")
    try:
        from mesofw.core import texts

        unknown = ("unknown code %d" % code, "use a tool and firmware of the same release")
        told = texts.TEXT.get(code, unknown)
    except Exception:
        # Whatever is wrong with the texts, or no memory for them: the gun still says what it can.
        told = (name(code), "")
    if not held:
        aside.let_go("texts")
    _last.clear()
    _last[code] = told
    return told


class Fault:
    """One thing wrong: `at` (field path), `code`, what was `found`, what is `allowed` (texts)."""

    def __init__(self, at: str, code: int, found: str = "", allowed: str = ""):
        self.at = at
        self.code = code
        self.found = found
        self.allowed = allowed


class Refused(Exception):
    """A request that is not carried out; `fault` says why."""

    def __init__(self, fault: Fault):
        super().__init__(name(fault.code))
        self.fault = fault


def refuse(code: int, at: str = "", found: str = "", allowed: str = "") -> Refused:
    """A `Refused` to raise."""
    return Refused(Fault(at, code, found, allowed))

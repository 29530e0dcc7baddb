"""Every code that the gun says, logs or shows, with its cause and what to do: written once.

A `Fault` is one thing wrong with something that was asked: where, what was found, what is allowed.
Codes: 1xx wire, 2xx program, 3xx a request or shot refused, 4xx a fault that stops the gun,
5xx storage, 6xx what happened (events, no error).
"""

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
FLOW_UNREACHABLE = 223
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

# Faults after which the needle's way back cannot be trusted to its motor: the spring does it.
CUTS_DRIVERS = (
    ESTOP,
    SUPPLY_LOST,
    CARRIAGE_LOST,
    MOTION_LATE,
    INTERNAL,
    HOME_NOT_FOUND,
    HOME_STUCK,
)

# code: (name, cause, what to do)
TEXT = {
    NOT_A_MESSAGE: ("not_a_message", "the line is no message", "send {json}*{crc32}"),
    LINE_TOO_LONG: ("line_too_long", "the line is longer than 480 bytes", "send shorter lines"),
    BAD_CHECKSUM: ("bad_checksum", "the line was damaged on the way", "send it again"),
    NO_SUCH_REQUEST: ("no_such_request", "the gun knows no such request", "use one that it knows"),
    OLD_SESSION: ("old_session", "the request is of another session", "say hello first"),
    OUT_OF_SEQUENCE: ("out_of_sequence", "the request is older than the last", "count upwards"),
    PROTOCOL_VERSION: (
        "protocol_version",
        "tool and gun speak different versions of the protocol",
        "use the tool of the same release as the gun's firmware",
    ),
    UNKNOWN_KEY: ("unknown_key", "no such key", "correct or remove it"),
    MISSING: ("missing", "it is missing", "add it"),
    WRONG_TYPE: ("wrong_type", "it is of the wrong kind", "write it as the allowed kind"),
    OUT_OF_RANGE: ("out_of_range", "it is out of range", "choose a value in the range"),
    NOT_A_CHOICE: ("not_a_choice", "it is none of the choices", "use one of them"),
    NOT_TEXT: ("not_text", "it is empty, too long or holds control characters", "correct it"),
    NOT_A_DATE: ("not_a_date", "it is no date", "write it as YYYY-MM-DD"),
    TOO_MANY: ("too_many", "there are too many of them", "use fewer, or split the program"),
    NO_ZONES: ("no_zones", "the program has no zones", "add at least one [[zones]]"),
    BEYOND_LAYER: (
        "beyond_layer",
        "the depth is beyond its skin layer",
        "lower the depth, or name the deeper layer if that is what is meant",
    ),
    BEYOND_NEEDLE: (
        "beyond_needle",
        "the depth is beyond the needle's length",
        "lower the depth or choose a longer needle",
    ),
    BEYOND_SYRINGE: (
        "beyond_syringe",
        "one shot is more than the syringe can give",
        "lower the volume or choose a larger syringe",
    ),
    BEYOND_SHOT_LIMIT: (
        "beyond_shot_limit",
        "one shot is beyond the program's limit for a shot",
        "lower the volume, or have the clinician change limits.hard.shot",
    ),
    BEYOND_ZONE_LIMIT: (
        "beyond_zone_limit",
        "the zone's total is beyond the program's limit for a zone",
        "lower the zone's shots or volume, or have the clinician change limits.hard.zone",
    ),
    BEYOND_SESSION_LIMIT: (
        "beyond_session_limit",
        "the total is beyond the program's limit for a session",
        "remove shots or lower the volume, or have the clinician change limits.hard.session",
    ),
    BEYOND_INGREDIENT_LIMIT: (
        "beyond_ingredient_limit",
        "the session gives more of an ingredient than its limit",
        "lower the volume or the ingredient's share",
    ),
    BEYOND_NEEDLE_LIFE: (
        "beyond_needle_life",
        "a needle's shots are beyond the program's limit for a needle",
        "plan a needle change: split the program, or raise limits.hard.needle_shots",
    ),
    EXPIRED: ("expired", "the product has expired", "use a product that has not expired"),
    SHARES: (
        "shares",
        "the products' shares do not add up to 100 %",
        "make the shares of all products add up to 100 %",
    ),
    DRY_WITH_VOLUME: (
        "dry_with_volume",
        "a dry zone gives no fluid, but a volume is set",
        "remove the volume or choose another mode",
    ),
    WET_WITHOUT_VOLUME: (
        "wet_without_volume",
        "the zone gives fluid, but no volume is set",
        "set the volume of a shot, or the mode dry",
    ),
    RATE_UNREACHABLE: (
        "rate_unreachable",
        "the gun cannot make these shots that often",
        "lower the rate, depth or volume, or raise the flow",
    ),
    FLOW_UNREACHABLE: (
        "flow_unreachable",
        "the plunger cannot push the fluid that fast",
        "lower the flow or choose a smaller syringe",
    ),
    UNIT_MISTAKEN: (
        "unit_mistaken",
        "the value is out of range by a unit's factor",
        "check the unit",
    ),
    SHOT_TOO_LONG: (
        "shot_too_long",
        "one shot takes longer than the gun allows",
        "raise the flow, or lower volume or dwell",
    ),
    TOO_FINE: ("too_fine", "it is finer than the gun can set", "round it"),
    NO_UNIT: ("no_unit", "the value has no unit that fits", "write number and unit as text"),
    NOT_TOML: ("not_toml", "the file is not TOML", "correct the syntax at this place"),
    NOT_UTF8: ("not_utf8", "the file is not UTF-8 text", "save it as UTF-8"),
    TOO_LARGE: (
        "too_large",
        "the file is too large for a program",
        "split it, or pass another file",
    ),
    UNREADABLE: ("unreadable", "the file cannot be read", "check its name and permissions"),
    BROKEN_PROGRAM: ("broken_program", "the program's text is damaged", "load it again"),
    BEYOND_DEVICE: (
        "beyond_device",
        "it is beyond the limit set in this gun",
        "stay within the gun's limit, or have an engineer change its settings",
    ),
    NOT_NOW: ("not_now", "the gun cannot do this in its present state", "wait, or end the session"),
    NO_UPLOAD: ("no_upload", "no upload has been begun", "begin it first"),
    UPLOAD_MISMATCH: (
        "upload_mismatch",
        "what arrived is not what was announced",
        "load the program again",
    ),
    UPLOAD_INCOMPLETE: ("upload_incomplete", "parts of the program are missing", "send them"),
    OTHER_ARCHIVE: (
        "other_archive",
        "the gun is paired with another archive",
        "pull with the archive that it is paired with",
    ),
    NOT_HELD: ("not_held", "the gun does not hold that record", "ask for one that it holds"),
    NO_CONTACT: ("no_contact", "the foot does not touch the skin", "place the foot on the skin"),
    NO_SYRINGE: ("no_syringe", "no syringe is seated", "seat the syringe"),
    NOT_PRIMED: ("not_primed", "the fluid path is not primed", "prime until a drop shows"),
    VOLUME_SHORT: (
        "volume_short",
        "the syringe cannot finish another shot",
        "change the syringe",
    ),
    SHOT_LIMIT: ("shot_limit", "the shot would pass a limit", "end the session"),
    ZONE_DONE: ("zone_done", "the zone has all its shots", "confirm the next zone"),
    NOT_CALIBRATED: (
        "not_calibrated",
        "the gun has no valid calibration",
        "have an engineer calibrate it",
    ),
    NOT_COMMISSIONED: (
        "not_commissioned",
        "the gun has no commissioning record",
        "have an engineer commission it",
    ),
    STOP_PRESSED: ("stop_pressed", "the emergency stop is pressed", "turn it free"),
    SUPPLY_LOW: ("supply_low", "the supply is too low", "charge or connect the supply"),
    LOG_FULL: ("log_full", "the shot log is full", "pull it: mesogun pull"),
    TRIGGER_HELD: ("trigger_held", "the trigger is held", "release it first"),
    WRONG_STATE: ("wrong_state", "no shot is possible in this state", "follow the screen"),
    NO_PROGRAM: ("no_program", "no program is loaded", "load one: mesogun load FILE"),
    ESTOP: ("estop", "the emergency stop was pressed", "turn it free, then confirm"),
    SUPPLY_LOST: ("supply_lost", "the supply voltage broke down", "check the supply"),
    OVERHEATED: ("overheated", "board or driver is too hot", "let it cool down"),
    HOME_NOT_FOUND: (
        "home_not_found",
        "a home switch did not close",
        "check that the axis moves freely, then its switch",
    ),
    HOME_STUCK: ("home_stuck", "a home switch does not open", "check the switch and its wire"),
    CARRIAGE_LOST: (
        "carriage_lost",
        "the needle's axis lost steps",
        "free the needle, then restart",
    ),
    PLUNGER_LOST: (
        "plunger_lost",
        "the plunger lost steps",
        "check syringe and needle for a blockage, then restart",
    ),
    OCCLUSION: ("occlusion", "the plunger's force is too high", "change the needle"),
    CONTACT_LOST: (
        "contact_lost",
        "the foot left the skin in mid-shot",
        "keep the foot on the skin",
    ),
    SYRINGE_OUT: ("syringe_out", "the syringe came out", "seat the syringe again"),
    SELF_TEST: (
        "self_test",
        "the self-test failed",
        "restart; if it fails again, call an engineer",
    ),
    STOPPER_NOT_FOUND: (
        "stopper_not_found",
        "the plunger met no stopper",
        "seat a filled syringe of the program's size",
    ),
    NOT_RETRACTED: (
        "not_retracted",
        "the needle did not come back",
        "press the emergency stop: the spring pulls it back",
    ),
    DOSE_MISSED: ("dose_missed", "a dose was off by more than 10 %", "recalibrate before use"),
    INTERNAL: ("internal", "the firmware met an error of its own", "restart and report it"),
    MOTION_LATE: ("motion_late", "a movement did not end in time", "restart; call an engineer"),
    SYRINGE_WRONG: (
        "syringe_wrong",
        "the stopper is too far back for this syringe",
        "seat a filled syringe of the program's size",
    ),
    FORCE_CELL: (
        "force_cell",
        "force shows where nothing presses",
        "take the syringe out and restart",
    ),
    SLOT_EMPTY: ("slot_empty", "nothing has been stored there", "store it first"),
    SLOT_CORRUPT: ("slot_corrupt", "what was stored is damaged", "store it again"),
    STORE_FAILED: (
        "store_failed",
        "the gun could not write its files",
        "restart; call an engineer",
    ),
    JOURNAL_FAILED: (
        "journal_failed",
        "the gun could not write its journal",
        "restart; call an engineer",
    ),
    EVENT_BOOT: ("boot", "the gun started", ""),
    EVENT_CLOCK: ("clock", "the clock was set by a host", ""),
    EVENT_PROGRAM: ("program", "a program was stored", ""),
    EVENT_CONFIRMED: ("confirmed", "the operator confirmed the program", ""),
    EVENT_OVERRIDE: ("override", "the operator accepted a soft limit", ""),
    EVENT_LOADED: ("loaded", "syringe and needle were fitted", ""),
    EVENT_PRIMED: ("primed", "the fluid path was primed", ""),
    EVENT_ZONE: ("zone", "a zone was armed", ""),
    EVENT_REFUSED: ("refused", "a shot was refused", ""),
    EVENT_PAUSED: ("paused", "the session was paused", ""),
    EVENT_RESUMED: ("resumed", "the session was resumed", ""),
    EVENT_FAULT: ("fault", "the gun stopped on a fault", ""),
    EVENT_CLEARED: ("cleared", "the operator cleared the fault", ""),
    EVENT_ENDED: ("ended", "the session ended", ""),
    EVENT_ALERT: ("alert", "the gun was left armed and idle", ""),
}


def name(code: int) -> str:
    """The code's short name, as on the wire; the number as text where there is none."""
    return TEXT[code][0] if code in TEXT else str(code)


def cause(code: int) -> str:
    """What the code means, in the operator's words."""
    return TEXT[code][1] if code in TEXT else "unknown code %d" % code


def remedy(code: int) -> str:
    """What to do next."""
    return TEXT[code][2] if code in TEXT else "use a tool and firmware of the same release"


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

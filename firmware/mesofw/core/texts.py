"""What each code means, in the operator's words, and what to do: read in only when it is shown.

Through `errors.cause` and `errors.remedy`, so that the gun's memory holds no other text. On the
host whoever imports this module keeps it.
"""

from mesofw.core import errors

# code: (cause, what to do)
TEXT = {
    errors.NOT_A_MESSAGE: ("the line is no message", "send {json}*{crc32}"),
    errors.LINE_TOO_LONG: ("the line is longer than 480 bytes", "send shorter lines"),
    errors.BAD_CHECKSUM: ("the line was damaged on the way", "send it again"),
    errors.NO_SUCH_REQUEST: ("the gun knows no such request", "use one that it knows"),
    errors.OLD_SESSION: ("the request is of another session", "say hello first"),
    errors.OUT_OF_SEQUENCE: ("the request is older than the last", "count upwards"),
    errors.PROTOCOL_VERSION: (
        "tool and gun speak different versions of the protocol",
        "use the tool of the same release as the gun's firmware",
    ),
    errors.UNKNOWN_KEY: ("no such key", "correct or remove it"),
    errors.MISSING: ("it is missing", "add it"),
    errors.WRONG_TYPE: ("it is of the wrong kind", "write it as the allowed kind"),
    errors.OUT_OF_RANGE: ("it is out of range", "choose a value in the range"),
    errors.NOT_A_CHOICE: ("it is none of the choices", "use one of them"),
    errors.NOT_TEXT: ("it is empty, too long or holds control characters", "correct it"),
    errors.NOT_A_DATE: ("it is no date", "write it as YYYY-MM-DD"),
    errors.TOO_MANY: ("there are too many of them", "use fewer, or split the program"),
    errors.NO_ZONES: ("the program has no zones", "add at least one [[zones]]"),
    errors.BEYOND_LAYER: (
        "the depth is beyond its skin layer",
        "lower the depth, or name the deeper layer if that is what is meant",
    ),
    errors.BEYOND_NEEDLE: (
        "the depth is beyond the needle's length",
        "lower the depth or choose a longer needle",
    ),
    errors.BEYOND_SYRINGE: (
        "one shot is more than the syringe can give",
        "lower the volume or choose a larger syringe",
    ),
    errors.BEYOND_SHOT_LIMIT: (
        "one shot is beyond the program's limit for a shot",
        "lower the volume, or have the clinician change limits.hard.shot",
    ),
    errors.BEYOND_ZONE_LIMIT: (
        "the zone's total is beyond the program's limit for a zone",
        "lower the zone's shots or volume, or have the clinician change limits.hard.zone",
    ),
    errors.BEYOND_SESSION_LIMIT: (
        "the total is beyond the program's limit for a session",
        "remove shots or lower the volume, or have the clinician change limits.hard.session",
    ),
    errors.BEYOND_INGREDIENT_LIMIT: (
        "the session gives more of an ingredient than its limit",
        "lower the volume or the ingredient's share",
    ),
    errors.BEYOND_NEEDLE_LIFE: (
        "a needle's shots are beyond the program's limit for a needle",
        "plan a needle change: split the program, or raise limits.hard.needle_shots",
    ),
    errors.EXPIRED: ("the product has expired", "use a product that has not expired"),
    errors.SHARES: (
        "the products' shares do not add up to 100 %",
        "make the shares of all products add up to 100 %",
    ),
    errors.DRY_WITH_VOLUME: (
        "a dry zone gives no fluid, but a volume is set",
        "remove the volume or choose another mode",
    ),
    errors.WET_WITHOUT_VOLUME: (
        "the zone gives fluid, but no volume is set",
        "set the volume of a shot, or the mode dry",
    ),
    errors.RATE_UNREACHABLE: (
        "the gun cannot make these shots that often",
        "lower the rate, or change what limits it",
    ),
    errors.UNIT_MISTAKEN: ("the value is out of range by a unit's factor", "check the unit"),
    errors.SHOT_TOO_LONG: (
        "one shot takes longer than the gun allows",
        "lower the volume, or change what limits it",
    ),
    errors.DOSE_TOO_SMALL: (
        "the syringe cannot measure out so little",
        "raise the volume or choose a smaller syringe",
    ),
    errors.PUNCTURE_TOO_HARD: (
        "the carriage cannot push so many pins so deep",
        "use fewer or thinner pins, or less depth",
    ),
    errors.NOT_SIZED: (
        "hardly anything of this fluid passes this needle",
        "choose a wider needle or a thinner fluid",
    ),
    errors.PRESSURE_STAYS: (
        "the pressure after the dose falls too slowly",
        "choose a wider needle or a smaller syringe",
    ),
    errors.BEYOND_MODE: (
        "it is beyond what the mode is for",
        "lower it or choose another mode",
    ),
    errors.TOO_FINE: ("it is finer than the gun can set", "round it"),
    errors.NO_UNIT: ("the value has no unit that fits", "write number and unit as text"),
    errors.NOT_TOML: ("the file is not TOML", "correct the syntax at this place"),
    errors.NOT_UTF8: ("the file is not UTF-8 text", "save it as UTF-8"),
    errors.TOO_LARGE: ("the file is too large for a program", "split it, or pass another file"),
    errors.UNREADABLE: ("the file cannot be read", "check its name and permissions"),
    errors.BROKEN_PROGRAM: ("the program's text is damaged", "load it again"),
    errors.BEYOND_DEVICE: (
        "it is beyond the limit set in this gun",
        "stay within the gun's limit, or have an engineer change its settings",
    ),
    errors.NOT_NOW: ("the gun cannot do this in its present state", "wait, or end the session"),
    errors.NO_UPLOAD: ("no upload has been begun", "begin it first"),
    errors.UPLOAD_MISMATCH: ("what arrived is not what was announced", "load the program again"),
    errors.UPLOAD_INCOMPLETE: ("parts of the program are missing", "send them"),
    errors.OTHER_ARCHIVE: (
        "the gun is paired with another archive",
        "pull with the archive that it is paired with",
    ),
    errors.NOT_HELD: ("the gun does not hold that record", "ask for one that it holds"),
    errors.NO_CONTACT: ("the foot does not touch the skin", "place the foot on the skin"),
    errors.NO_SYRINGE: ("no syringe is seated", "seat the syringe"),
    errors.NOT_PRIMED: ("the fluid path is not primed", "prime until a drop shows"),
    errors.VOLUME_SHORT: ("the syringe cannot finish another shot", "change the syringe"),
    errors.SHOT_LIMIT: ("the shot would pass a limit", "end the session"),
    errors.ZONE_DONE: ("the zone has all its shots", "confirm the next zone"),
    errors.NOT_CALIBRATED: ("the gun has no valid calibration", "have an engineer calibrate it"),
    errors.NOT_COMMISSIONED: (
        "the gun has no commissioning record",
        "have an engineer commission it",
    ),
    errors.STOP_PRESSED: ("the emergency stop is pressed", "turn it free"),
    errors.SUPPLY_LOW: ("the supply is too low", "charge or connect the supply"),
    errors.LOG_FULL: ("the shot log is full", "pull it: mesogun pull"),
    errors.TRIGGER_HELD: ("the trigger is held", "release it first"),
    errors.WRONG_STATE: ("no shot is possible in this state", "follow the screen"),
    errors.NO_PROGRAM: ("no program is loaded", "load one: mesogun load FILE"),
    errors.ESTOP: ("the emergency stop was pressed", "turn it free, then confirm"),
    errors.SUPPLY_LOST: ("the supply voltage broke down", "check the supply"),
    errors.OVERHEATED: ("board or driver is too hot", "let it cool down"),
    errors.HOME_NOT_FOUND: (
        "a home switch did not close",
        "check that the axis moves freely, then its switch",
    ),
    errors.HOME_STUCK: ("a home switch does not open", "check the switch and its wire"),
    errors.CARRIAGE_LOST: ("the needle's axis lost steps", "free the needle, then restart"),
    errors.PLUNGER_LOST: (
        "the plunger lost steps",
        "check syringe and needle for a blockage, then restart",
    ),
    errors.OCCLUSION: ("the plunger's force is too high", "change the needle"),
    errors.CONTACT_LOST: ("the foot left the skin in mid-shot", "keep the foot on the skin"),
    errors.SYRINGE_OUT: ("the syringe came out", "seat the syringe again"),
    errors.SELF_TEST: ("the self-test failed", "restart; if it fails again, call an engineer"),
    errors.STOPPER_NOT_FOUND: (
        "the plunger met no stopper",
        "seat a filled syringe of the program's size",
    ),
    errors.NOT_RETRACTED: (
        "the needle did not come back",
        "press the emergency stop: the spring pulls it back",
    ),
    errors.DOSE_MISSED: ("a dose was more than 10 % off", "recalibrate before use"),
    errors.INTERNAL: ("the firmware met an error of its own", "restart and report it"),
    errors.MOTION_LATE: ("a movement did not end in time", "restart; call an engineer"),
    errors.SYRINGE_WRONG: (
        "the stopper is too far back for this syringe",
        "seat a filled syringe of the program's size",
    ),
    errors.NEEDLE_WRONG: (
        "wrong resistance of the needle",
        "check needle, fluid and syringe",
    ),
    errors.FORCE_CELL: ("force shows where nothing presses", "take the syringe out and restart"),
    errors.DRIVER_SILENT: (
        "a motor driver does not answer",
        "check its plug and the motor supply",
    ),
    errors.PULSES_DAMAGED: (
        "a movement's plan was damaged",
        "clear it; if it comes again, call an engineer",
    ),
    errors.SLOT_EMPTY: ("nothing has been stored there", "store it first"),
    errors.SLOT_CORRUPT: ("what was stored is damaged", "store it again"),
    errors.STORE_FAILED: ("the gun could not write its files", "restart; call an engineer"),
    errors.JOURNAL_FAILED: ("the gun could not write its journal", "restart; call an engineer"),
    errors.EVENT_BOOT: ("the gun started", ""),
    errors.EVENT_CLOCK: ("the clock was set by a host", ""),
    errors.EVENT_PROGRAM: ("a program was stored", ""),
    errors.EVENT_CONFIRMED: ("the operator confirmed the program", ""),
    errors.EVENT_OVERRIDE: ("the operator accepted a soft limit", ""),
    errors.EVENT_LOADED: ("syringe and needle were fitted", ""),
    errors.EVENT_PRIMED: ("the fluid path was primed", ""),
    errors.EVENT_ZONE: ("a zone was armed", ""),
    errors.EVENT_REFUSED: ("a shot was refused", ""),
    errors.EVENT_PAUSED: ("the session was paused", ""),
    errors.EVENT_RESUMED: ("the session was resumed", ""),
    errors.EVENT_FAULT: ("the gun stopped on a fault", ""),
    errors.EVENT_CLEARED: ("the operator cleared the fault", ""),
    errors.EVENT_ENDED: ("the session ended", ""),
    errors.EVENT_ALERT: ("the gun was left armed and idle", ""),
    errors.EVENT_WITHOUT: ("the gun goes on without its display", ""),
}

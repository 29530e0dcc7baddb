"""The board interface: the only door between `core` and the outside.

`Inputs` is what a step sees; what it may do is described in `duties`. A board (the RP2040's, the
virtual gun's) is any class with the attributes and methods that stand there.
"""

CARRIAGE = 0
PLUNGER = 1
NEITHER = 2

# Lights: steady or blinking, one at a time. Sounds follow the pulse patterns of IEC 60601-1-8.
(
    LIGHT_OFF, LIGHT_IDLE, LIGHT_WAIT, LIGHT_READY, LIGHT_SHOT, LIGHT_LOW, LIGHT_ALARM, LIGHT_BENCH,
) = range(8)  # fmt: skip
SOUND_OFF, SOUND_SHOT, SOUND_REFUSED, SOUND_LOW, SOUND_MEDIUM, SOUND_HIGH = range(6)

# Parts of the board that may fail, a bit each: a motor driver (silent or shorted), the journal
# memory (silent), the pulses (what was loaded is damaged), the display (silent), the firmware's
# files (not what was flashed), the watchdog (it did not reset the board at power-on).
PART_DRIVER, PART_JOURNAL, PART_PULSES, PART_DISPLAY, PART_FIRMWARE, PART_WATCHDOG = (
    1, 2, 4, 8, 16, 32,
)  # fmt: skip

SCREEN_COLUMNS = 16
SCREEN_LINES = 8


class Inputs:
    """What the board sampled for one step. Switches are 1 (closed, pressed) or 0, not debounced."""

    def __init__(self):
        self.trigger = 0
        self.pedal = 0
        self.press = 0  # the knob's push-button
        self.turns = 0  # the knob's detents since start, clockwise positive
        self.contact = 0  # the foot touches skin
        self.seated = 0  # a syringe is in its cradle
        self.stop = 0  # the emergency stop is pressed: the motor supply is cut by hardware
        self.carriage_home = 0
        self.plunger_home = 0
        self.carriage_steps = 0  # pulses put out since `zero`, forward positive
        self.plunger_steps = 0
        self.carriage_counts = 0  # encoder counts since `zero`
        self.plunger_counts = 0
        self.phases_done = 0  # end marks consumed since the last start
        self.force_mn = 0  # plunger force
        self.force_peak_mn = 0  # its highest value since the last start
        self.supply_mv = 0
        self.temperature_dc = 0  # the hottest of board and drivers
        self.faulty = 0  # the parts that fail, as bits PART_…
        self.fired = 0  # what was armed has started, and nothing was loaded or armed since


class Phase:
    """One leg of a motion: an axis, a direction, and its run of segments.

    `kind` is for core's own use. `axis` is NEITHER for a pause. `first` and `count` index segments.
    """

    def __init__(self):
        self.kind = 0
        self.axis = NEITHER
        self.direction = 1
        self.first = 0
        self.count = 0
        self.pulses = 0

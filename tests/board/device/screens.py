"""Every screen of the gun as the display's memory holds it, drawn by the firmware's own driver.

Each is printed as `SCREEN name lines memory`: the lines as JSON, the memory in hexadecimal.
"""

import binascii
import json

from mesofw.board.display import Display
from mesofw.core import errors, states
from mesofw.core.slots import FileSlots
from tests.board.chips.ssd1306 import Ssd1306
from tests.core.support import calibrating
from tests.core.support.bench import Bench
from tests.core.support.program import head, program_text, provision, text_of, zone

_SETTLED_US = 4_000_000


class Screen(Bench):
    """A gun whose screen is a display."""

    def __init__(self):
        super().__init__()
        self.chip = Ssd1306()
        self.display = Display(self.chip, 0)

    def show(self, lines):
        super().show(lines)
        self.display.show(lines)

    def take(self, name):
        """Print what the display shows now."""
        while not self.display.settled:
            self.display.step(0)
        memory = binascii.hexlify(self.chip.memory).decode()
        print("SCREEN", name, json.dumps(self.screen).replace(" ", "\x00"), memory)


def gun(text):
    bench = Screen()
    provision(bench, text)
    bench.on()
    return bench


def idle(*zones, **changes):
    return idle_with(program_text(*zones, **changes))


def idle_with(text):
    bench = gun(text)
    bench.until(states.IDLE)
    bench.step(bench.now_us + 1_000)
    return bench


def loading(*zones, **changes):
    bench = idle(*zones, **changes)
    bench.confirm()
    while bench._running or bench.gun.inputs.plunger_steps:
        bench.step(bench.now_us + 60_000_000)
    bench.run(500_000)
    return bench


def priming(*zones, **changes):
    bench = loading(*zones, **changes)
    bench.fit()
    return bench


def ready(*zones, **changes):
    bench = priming(*zones, **changes)
    bench.prime()
    bench.set("contact", 1)
    bench.run(500_000)
    return bench


def test_start():
    bench = gun(program_text())
    while bench.gun.state != states.HOMING:
        bench.step(bench.now_us + 1_000_000)
    bench.step(bench.now_us + 1_000_000)
    bench.take("homing")
    bench = Screen()
    provision(bench, program_text())
    bench.set("contact", 1)
    bench.on()
    bench.run(2_000_000)
    bench.take("homing-lift")
    bench = Screen()
    provision(bench)
    bench.on()
    bench.until(states.IDLE)
    bench.run(1_000)
    bench.take("idle-no-program")


def test_confirm():
    title = head(title="Nappage of face and neck")
    many = zone(name="Décolleté", shots=230, volume_nl=10_000)
    text = text_of(("program", title), ("soft", {"session_nl": 1_000_000}), ("zone", many))
    bench = idle_with(text)
    bench.take("confirm-1-title")
    bench.click()
    bench.take("confirm-2-totals")
    bench.click()
    bench.take("confirm-3-soft-limit")
    bench = idle(title="T" * 40, patient="P" * 24)
    bench.take("confirm-1-longest")
    bench = idle(purpose="training")
    bench.take("confirm-1-training")


def test_loading():
    bench = loading()
    bench.take("loading-seat")
    bench.seat()
    bench.take("loading-needle")
    bench.turn(1)
    bench.take("loading-end")
    bench = loading(pins=5, needle="30G thin", length_um=4_000)
    bench.take("loading-seat-pins")
    bench = ready()
    bench.set("contact", 0)
    bench.click()
    bench.turn(1)
    bench.click()
    bench.run(3_000_000)
    bench.take("loading-take-out")


def test_priming():
    bench = priming()
    bench.take("priming-1")
    for name in ("jog", "purge", "retract", "end"):
        bench.turn(1)
        bench.take("priming-menu-" + name)
    bench = priming()
    bench.pull()
    while bench.gun.drive.moving:
        bench.step(bench.now_us + 500_000)
    bench.run(50_000)
    bench.take("priming-2-pressure")
    bench.run(_SETTLED_US)
    bench.take("priming-3-drop")


MODES = (
    ("single", {}),
    ("burst", {}),
    ("nappage", {"depth_um": 1_500, "layer": "superficial", "volume_nl": 5_000}),
    ("microdrop", {"depth_um": 500, "layer": "epidermic", "volume_nl": 3_000}),
    ("perfusion", {"volume_nl": 300_000, "flow_nl_s": 5_000, "shots": 1}),
    ("dry", {"volume_nl": 0}),
)


def test_ready_and_shooting():
    for mode, changes in MODES:
        record = zone(mode=mode, shots=3)
        record.update(changes)
        if mode in ("single", "perfusion"):
            del record["rate_per_min"]
        if not record["volume_nl"]:
            del record["flow_nl_s"]
            del record["dwell_ms"]
        bench = ready(record)
        bench.take("ready-" + mode)
        bench.set("trigger", 1)
        bench.run(60_000)
        bench.take("shooting-" + mode)


def test_low_and_training():
    bench = priming(zone(mode="single", shots=30), purpose="training")
    bench.prime()
    bench.set("contact", 1)
    bench.run(500_000)
    bench.take("ready-training")
    bench = loading(zone(mode="single", shots=30))
    bench.fit("", 90_000)
    bench.prime()
    bench.set("contact", 1)
    bench.run(500_000)
    bench.take("ready-low")


def test_paused():
    bench = ready(zone(mode="single", shots=3), zone(name="Right", shots=3))
    bench.click()
    bench.run(500_000)
    bench.take("paused-operator")
    bench.turn(1)
    bench.take("paused-change")
    bench.turn(1)
    bench.take("paused-end")


def test_calibrating():
    bench = Screen()
    provision(bench, program_text())
    FileSlots(bench, "key").store(binascii.hexlify(calibrating.KEY))
    host = calibrating.at_idle(bench)
    calibrating.ask(host)
    host.answer(500_000)
    bench.take("idle-calibrate")
    bench.click()
    host.answer()
    bench.take("calibrating")
    calibrating.begin(host, "move", steps=2_000, hz=2_000)
    bench.take("calibrating-move")
    bench.click()
    bench.take("calibrating-left")


def test_refusals():
    bench = ready(zone(mode="single", shots=3))
    for code in sorted(errors.names()):
        if 300 <= code < 400:
            bench.gun.panel.refuse(code)
            bench.receive(b"")
            bench.run(100_000)
            bench.take("refused-%d-%s" % (code, errors.name(code)))


def test_faults():
    for code in sorted(errors.names()):
        if 400 <= code < 600 or code == errors.TRIGGER_HELD:
            bench = idle()
            bench.gun.stop(code)
            bench.receive(b"")
            bench.run(100_000)
            bench.take("fault-%d-%s" % (code, errors.name(code)))

"""What the operator sees and hears."""

from mesofw.core import door, errors, panel, records, states
from tests.core.support.bench import Bench
from tests.core.support.log import log_of
from tests.core.support.program import program_text, provision, zone

VERIFIES = {
    "test_every_state_has_its_light_and_sound": ("SR-195", "SR-198"),
    "test_only_a_fault_alarms": ("SR-195",),
    "test_a_session_is_seen_and_heard": ("SR-198",),
    "test_every_shot_is_heard_once": ("SR-198",),
    "test_no_refusal_covers_an_alarm": ("SR-196",),
    "test_what_is_refused_in_a_fault_is_shown_while_the_alarm_goes_on": ("SR-196",),
    "test_a_low_syringe_is_told_before_it_is_empty": ("SR-131",),
    "test_a_turn_silences_an_alarm_for_two_minutes_and_its_light_stays": ("SR-202", "SR-204"),
    "test_what_is_silenced_sounds_again_with_the_next_fault": ("SR-203",),
    "test_nothing_is_silenced_before_it_sounds": ("SR-202",),
    "test_a_syringe_that_runs_low_is_recorded_once": ("SR-204",),
}

ALARM = (door.LIGHT_ALARM, door.SOUND_HIGH)


def ready(*zones, fill_nl=2_500_000):
    bench = Bench()
    provision(bench, program_text(*zones or (zone(mode="single", shots=9),)))
    bench.on()
    bench.until(states.IDLE)
    bench.confirm()
    bench.fit("", fill_nl)
    bench.prime()
    bench.set("contact", 1)
    bench.run(500_000)
    return bench


class Putting(Bench):
    """A bench whose display can put a number in the place of another."""

    puts = shows = 0

    def put(self, row, column, width, number):
        self.puts += 1
        text = self.screen[row]
        end = column + width
        assert text[column:end].strip().isdigit() and not text[end:][:1].isdigit(), (text, number)
        told = "%*d" % (width, number)
        assert len(told) == width
        self.screen[row] = text[:column] + told + text[end:]

    def show(self, lines):
        self.shows += 1
        super().show(lines)


def test_a_shots_counts_are_put_in_place_as_a_new_screen_would_say_them():
    for head, changes in (({}, {}), ({"purpose": "training"}, {}), ({}, {"volume_nl": 0})):
        mode = "burst" if changes == {} else "dry"
        bench = Putting()
        text = program_text(zone(mode=mode, shots=125, rate_per_min=60, **changes), **head)
        provision(bench, text)
        bench.on()
        bench.until(states.IDLE)
        bench.confirm()
        bench.fit("", 2_050_000)
        bench.prime()
        bench.set("contact", 1)
        bench.run(500_000)
        bench.set("trigger", 1)
        bench.until(states.SHOOTING)
        shots = shows = 0
        while bench.gun.state == states.SHOOTING and bench.gun.session.shots < 110:
            bench.step(bench.now_us + 1_000_000)
            if bench.gun.state == states.SHOOTING and bench.gun.session.shots != shots:
                shots = bench.gun.session.shots
                bench.run(30_000)
                assert bench.screen == bench.gun.activity.lines(), (head, changes, shots)
                assert bench.screen == bench.gun.panel.texts()
                shows = shows or bench.shows
        assert shots > 90
        assert bench.puts > shots
        # Only a syringe that gets low takes another text.
        assert bench.shows - shows < 3


def test_every_state_has_its_light_and_sound():
    assert sorted(panel._SIGNS) == list(range(len(states.STATES)))
    for light, sound in panel._SIGNS.values():
        assert door.LIGHT_OFF <= light <= door.LIGHT_BENCH
        assert door.SOUND_OFF <= sound <= door.SOUND_HIGH


def test_only_a_fault_alarms():
    for state in range(len(states.STATES)):
        assert (panel._SIGNS[state] == ALARM) == (state == states.FAULT)


def test_no_other_state_looks_like_calibrating():
    lit = [panel._SIGNS[state][0] for state in range(len(states.STATES))]
    assert lit.count(door.LIGHT_BENCH) == 1
    assert lit[states.CALIBRATING] == door.LIGHT_BENCH


def test_a_session_is_seen_and_heard():
    bench = ready()
    assert bench.screen[:4] == ["Ready single", "Thigh left", "4 mm  20 µL", "left 9 of 9"]
    assert bench.screen[4] == "holds  2479 µL"
    assert (bench.light, bench.sound) == (door.LIGHT_READY, door.SOUND_OFF)
    bench.set("trigger", 1)
    bench.run(50_000)
    assert (bench.light, bench.sound) == (door.LIGHT_SHOT, door.SOUND_SHOT)
    assert bench.screen[0] == "Shooting single"
    bench.set("trigger", 0)
    bench.while_in(states.SHOOTING)
    bench.run(10_000)
    assert bench.screen[3] == "left 8 of 9"
    assert (bench.light, bench.sound) == (door.LIGHT_READY, door.SOUND_OFF)


def test_every_shot_is_heard_once():
    bench = ready(zone(mode="burst", shots=4))
    bench.signs.clear()
    bench.set("trigger", 1)
    bench.until(states.IDLE)
    assert (door.LIGHT_SHOT, door.SOUND_SHOT) in bench.signs


class Telling(Bench):
    """A bench that notes in which state each sign was given."""

    def signal(self, light, sound):
        super().signal(light, sound)
        self.told.append((self.gun.state, light))


def test_what_was_drawn_for_the_state_before_is_not_put_up():
    bench = Telling()
    bench.told = []
    provision(bench, program_text(zone(mode="single", shots=9)))
    bench.on()
    bench.until(states.IDLE)
    bench.confirm()
    bench.fit("", 2_500_000)
    bench.prime()
    bench.set("contact", 1)
    bench.run(500_000)
    bench.set("faulty", door.PART_DISPLAY)
    # Pulled as the sign of the armed gun's display is drawn but not given yet.
    while bench.gun.panel._next is None:
        bench.step(bench.now_us + 1_000_000)
    bench.set("trigger", 1)
    bench.while_in(states.READY)
    bench.while_in(states.SHOOTING)
    assert (states.SHOOTING, door.LIGHT_SHOT) in bench.told
    assert (states.SHOOTING, door.LIGHT_LOW) not in bench.told


def test_a_refusal_is_shown_for_three_seconds():
    bench = ready()
    bench.set("contact", 0)
    bench.run(100_000)
    bench.pull()
    assert bench.screen[:3] == ["Not possible:", "the foot does", "not touch the"]
    assert (bench.light, bench.sound) == (door.LIGHT_LOW, door.SOUND_REFUSED)
    bench.run(2_700_000)
    assert bench.screen[0] == "Not possible:"
    bench.run(300_000)
    assert bench.screen[0] == "Ready single"
    assert (bench.light, bench.sound) == (door.LIGHT_READY, door.SOUND_OFF)


def test_no_refusal_covers_an_alarm():
    bench = ready()
    bench.set("contact", 0)
    bench.run(100_000)
    bench.pull()
    assert bench.screen[0] == "Not possible:"
    bench.set("temperature_dc", 900)
    bench.run(1_000)
    assert bench.gun.state == states.FAULT
    assert (bench.light, bench.sound) == ALARM
    assert bench.screen[0] == "STOPPED 403"


def test_a_text_is_read_in_once_and_not_at_every_step():
    bench = ready()
    bench.set("stop", 1)
    bench.run(1_000_000)
    told = errors._last[errors.ESTOP]
    bench.run(10_000_000)
    assert errors._last[errors.ESTOP] is told


def test_what_is_refused_in_a_fault_is_shown_while_the_alarm_goes_on():
    bench = ready()
    bench.set("stop", 1)
    bench.run(1_000_000)
    bench.click()
    assert bench.screen[0] == "Not possible:"
    assert (bench.light, bench.sound) == ALARM
    bench.run(4_000_000)
    assert bench.screen[0] == "STOPPED 401"
    assert (bench.light, bench.sound) == ALARM


def test_a_low_syringe_is_told_before_it_is_empty():
    bench = ready(zone(mode="single", shots=9), fill_nl=150_000)
    seen = []
    for _ in range(5):
        bench.pull()
        bench.while_in(states.SHOOTING)
        bench.run(500_000)
        if bench.gun.state != states.READY:
            break
        seen.append((bench.gun.volume_left_nl() // 20_000, (bench.light, bench.sound)))
    low = (door.LIGHT_LOW, door.SOUND_LOW)
    for shots, sign in seen:
        assert (sign == low) == (shots <= panel.LOW_SHOTS), seen
    assert low in [sign for _, sign in seen]


def test_the_screen_is_drawn_only_when_it_changes():
    class Counting(Bench):
        drawn = 0

        def show(self, lines):
            Bench.show(self, lines)
            self.drawn += 1

    bench = Counting()
    provision(bench, program_text())
    bench.on()
    bench.until(states.IDLE)
    bench.run(1_000_000)
    drawn = bench.drawn
    bench.run(60_000_000)
    assert bench.drawn == drawn
    bench.click()
    assert bench.drawn == drawn + 1


def test_what_is_drawn_fits_the_screen():
    class Measuring(Bench):
        def show(self, lines):
            assert len(lines) <= door.SCREEN_LINES
            for line in lines:
                assert len(line) <= door.SCREEN_COLUMNS, line
            Bench.show(self, lines)

    text = program_text(zone(name="N" * 24, shots=2), title="T" * 40, patient="P" * 24)
    bench = Measuring()
    provision(bench, text)
    bench.ready()
    bench.set("trigger", 1)
    bench.until(states.IDLE)
    bench.set("stop", 1)
    bench.run(4_000_000)
    assert bench.screen[0] == "STOPPED %d" % errors.ESTOP
    assert bench.errors == []


def told(bench, code):
    return [one for one in log_of(bench) if one.code == code and one.kind == records.EVENT]


def test_a_turn_silences_an_alarm_for_two_minutes_and_its_light_stays():
    bench = ready()
    bench.set("stop", 1)
    bench.run(1_000_000)
    assert (bench.light, bench.sound) == ALARM
    bench.turn(1)
    assert (bench.light, bench.sound) == (door.LIGHT_ALARM, door.SOUND_OFF)
    assert [one.a for one in told(bench, errors.EVENT_SILENCED)] == [errors.ESTOP]
    bench.run(118_000_000)
    bench.turn(1)
    assert bench.sound == door.SOUND_OFF
    # A second turn lengthens nothing.
    bench.run(3_000_000)
    assert (bench.light, bench.sound) == ALARM
    assert len(told(bench, errors.EVENT_SILENCED)) == 1


def test_what_is_silenced_sounds_again_with_the_next_fault():
    bench = ready()
    bench.set("stop", 1)
    bench.run(1_000_000)
    bench.turn(1)
    bench.set("stop", 0)
    bench.run(100_000)
    bench.click()
    bench.set("temperature_dc", 900)
    bench.run(100_000)
    assert (bench.light, bench.sound) == ALARM


def test_nothing_is_silenced_before_it_sounds():
    bench = ready()
    bench.turn(1)
    bench.set("stop", 1)
    bench.run(1_000_000)
    assert (bench.light, bench.sound) == ALARM
    assert told(bench, errors.EVENT_SILENCED) == []


def test_a_syringe_that_runs_low_is_recorded_once():
    bench = ready(zone(mode="single", shots=9), fill_nl=150_000)
    for _ in range(3):
        bench.pull()
        bench.while_in(states.SHOOTING)
        bench.run(500_000)
    assert len(told(bench, errors.EVENT_LOW)) == 1

"""The treatment session: program, zone, shots done, what was given."""

from mesofw.core import dose, errors, fields, loaded, parts, shot
from mesofw.core.aim import Aim, sin_ppm
from mesofw.core.door import CARRIAGE, PLUNGER
from mesofw.core.dose import Doser
from mesofw.core.errors import Fault
from mesofw.core.fit import Fit
from mesofw.core.machine import AXES

PPM = 1_000_000


class Session:
    """Counts and totals of the open session; everything a record says of it.

    `program` is the checked program (`loaded.Loaded`), None where none is there. `zone` counts from
    0. `given_nl` is what the session's shots gave; an interrupted shot counts whole, since what of
    it was given is uncertain.
    """

    def __init__(self, slots):
        self._slots = slots
        self.program = None
        self._named = None  # the program that `_name` is of
        self._name = 0
        self.table = shot.Timetable()
        self.number = 0
        self.open = False
        self.zone_record = None  # the current zone as its program says, while a session is open
        self.zone_texts = []  # what the screen says of it, made once: a shot has no time for it
        self.planned = False  # `table` is this zone's shot with this syringe
        self.doser = None
        self.extra = 0  # pulses that the planned dispense now has above the dose's whole steps
        self.fit = None  # what is fitted, once a syringe is
        self.aim = Aim()
        self._angle_deg = 90
        self._sin_ppm = PPM
        self.found_steps = 0  # where the plunger met this syringe's stopper
        self.restart()

    def restart(self) -> None:
        """Forget the counts of the session before."""
        self.zone = 0
        self.zone_shots = 0
        self.shots: int = 0
        self.given_nl: int = 0
        self.needle_shots = 0
        self.doser = None

    def take(self, checked) -> None:
        """A new program is in the slot: the session before is over."""
        self.program = checked
        self.open = False
        self.zone_record = None
        self.planned = False

    def recover(self, record, was_open: bool) -> None:
        """After a restart: the counts that the last record tells, if its program is still the
        one."""
        self.number = record.session
        if was_open and self.program and record.program == self.program_id():
            self.open = True
            self.zone = max(0, record.zone - 1)
            self.zone_shots = record.zone_shots
            self.shots = record.shot
            self.given_nl = record.session_nl
            self._read_zone()
            # Power may have gone after a zone's last shot, before the next one was opened.
            while self.open and self.zone_left() <= 0:
                self.open = self.next_zone()

    def begin(self) -> None:
        """The operator confirmed: a new session, or the open one goes on."""
        if not self.open:
            self.restart()
            self.number = self.number % 65_535 + 1
            self.open = True
            self._read_zone()

    def _read_zone(self) -> None:
        """Read the current zone. Raises OSError, ValueError where the slot no longer holds what was
        checked."""
        zone = loaded.read_zone(self._slots, self.program.zone_at[self.zone])
        faults = []
        fields.check(loaded.ZONE, zone, "", faults)
        if faults:
            raise ValueError(faults[0].at)
        self.zone_record = zone
        dose_text = fields.show("volume_nl", zone["volume_nl"]) if zone["volume_nl"] else "dry"
        depth_text = fields.show("depth_um", zone["depth_um"])
        self.zone_texts = [zone["name"][:16], depth_text + "  " + dose_text]
        self.planned = False

    def program_id(self) -> int:
        """The first four bytes of the program's SHA-256, as a number."""
        if self._named is not self.program:
            self._named = self.program
            self._name = int.from_bytes(self.program.sha256[:4], "big") if self.program else 0
        return self._name

    def fit_syringe(self, calibration: dict) -> None:
        """A new syringe and needle: their step volume, and what they allow. The remainder that the
        last shot owed is kept, to the femtolitre."""
        head = self.program.head
        syringe = head["syringe"]
        nominal_fl = dose.step_volume_fl(parts.bore_um2(syringe), AXES[PLUNGER].step_nm)
        number = syringe.split(" ")[0]
        owed_fl = self.doser.carry_fl if self.doser else 0
        self.doser = Doser(nominal_fl * calibration["syringe_%s_ppm" % number] // PPM)
        self.doser.carry_fl = min(owed_fl, self.doser.step_fl - 1)
        self.fit = Fit(head)
        self.fit.step_fl = self.doser.step_fl
        self.fit.compliance_ppm = calibration["compliance_%s_ppm" % number]
        self.fit.backlash_nm = calibration["backlash_nm"]
        self.needle_shots = 0
        self.planned = False

    def force_mn(self, settings: dict) -> int:
        """The plunger's force that counts as an occlusion with what is fitted."""
        return min(settings["force_mn"], self.fit.syringe.force_mn)

    def arm(self, calibration: dict, settings: dict, filled_nl: int):
        """Plan the current zone's shot for a syringe that holds so much; None, or the Fault that
        forbids it. Raises ValueError where nothing is fitted."""
        zone: dict = self.zone_record or {}
        if zone["volume_nl"] > settings["shot_nl"]:
            found, most = zone["volume_nl"], settings["shot_nl"]
            allowed = "up to " + fields.show("shot_nl", most)
            return Fault("volume", errors.BEYOND_DEVICE, fields.show("shot_nl", found), allowed)
        self.extra = 0
        fit = self.fit
        if fit is None:
            raise ValueError("nothing is fitted")
        fit.filled_nl = filled_nl
        self.doser.set_dose(zone["volume_nl"])
        step_pm = AXES[CARRIAGE].step_nm * calibration["carriage_ppm"] // 1000
        steps = self.doser.whole_steps if zone["volume_nl"] else 0
        fault = self.aim.take(zone, fit, calibration["foot_um"], step_pm, steps)
        if fault is None:
            shot.plan(self.table, self.aim)
        self.planned = fault is None
        return fault

    def depth_um(self, calibration: dict, carriage_nm: int) -> int:
        """The tip's depth below the skin for a nominal carriage travel; 0 while inside the foot."""
        true_um = _true_um(carriage_nm, calibration["carriage_ppm"])
        out_um = max(0, true_um - calibration["foot_um"])
        angle_deg = self.zone_record["angle_deg"] if self.zone_record else 90
        if angle_deg == 90:
            return out_um
        if angle_deg != self._angle_deg:
            self._angle_deg = angle_deg
            self._sin_ppm = sin_ppm(angle_deg)
        high, low = self._sin_ppm // 1000, self._sin_ppm % 1000
        return (out_um * high + out_um * low // 1000) // 1000

    def zone_left(self) -> int:
        """Shots that the current zone still wants."""
        return self.zone_record["shots"] - self.zone_shots if self.zone_record else 0

    def next_zone(self) -> bool:
        """Go to the next zone; False where there is none."""
        self.zone_record = None
        self.planned = False
        self.zone_shots = 0
        self.zone += 1
        if self.zone >= self.program.zones:
            return False
        self._read_zone()
        return True

    def within_limits(self, settings: dict) -> bool:
        """Whether one more shot of this zone stays within the hard limits of program and gun."""
        volume_nl = self.zone_record["volume_nl"]
        limits = self.program.limits
        return (
            volume_nl <= limits["shot_nl"]
            and volume_nl <= settings["shot_nl"]
            and (self.zone_shots + 1) * volume_nl <= limits["zone_nl"]
            and self.given_nl + volume_nl <= limits["session_nl"]
            and self.given_nl + volume_nl <= settings["session_nl"]
            and self.needle_shots < limits["needle_shots"]
        )

    @property
    def backoff_steps(self) -> int:
        """By how many steps the plunger stands back between shots; 0 until primed."""
        return self.fit.backoff_steps if self.fit else 0

    def count(self, volume_nl: int) -> None:
        """One shot was fired and gave `volume_nl`."""
        self.zone_shots += 1
        self.shots += 1
        self.needle_shots += 1
        self.given_nl += volume_nl


def _true_um(nominal_nm: int, ppm: int) -> int:
    """nominal_nm × ppm // 10⁹ in numbers below 2³⁰, which take no memory, for the whole travel."""
    um, nm = nominal_nm // 1000, nominal_nm % 1000
    high, low = ppm // 1000, ppm % 1000
    return (um * high + (um * low + nm * high + nm * low // 1000) // 1000) // 1000

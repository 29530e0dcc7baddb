"""The bench on the gun: single motions for an engineer, asked for by a host that was let in under
the key and by a press at the gun. Read in for one use (`aside`).

The watchdog stays on, a step stays short, and every motion is bounded and watched. It is left by a
restart only, so that nothing of what the bench did to the gun outlives it.

A name that no other module has takes memory for ever: what needs none of its own has one that is
there already.
"""

from mesofw.core import aside, errors, motion, states
from mesofw.core.activity import Activity
from mesofw.core.door import CARRIAGE, PLUNGER
from mesofw.core.drive import DONE, TROUBLE
from mesofw.core.errors import refuse
from mesofw.core.fitting import LEFT_HOME_STEPS, SEEK_HZ
from mesofw.core.machine import AXES, ramps
from mesofw.core.requests import seen

# Without a request the bench is left after so long.
SILENT_MS = 600_000
# A spring that takes longer does not bring the needle back.
RELEASE_MS = 1_000
# What may be asked of a free axis, in per cent of its top speed.
OVER_PERCENT = 130
LONGEST_S = 300

# Why it began or was left, as the log says it.
BEGAN, ASKED, PRESSED, SILENT = range(4)


class Calibrating(Activity):
    """One request at a time; a press stops whatever moves and leaves the bench.

    Where steps and encoder disagree the gun's place is unknown (`gun.homed`): nothing but `home`
    moves it then. `doing` is what is under way, `at_ms` since when; `ms` is how long what was
    done last took, `stall` what StallGuard read in it.
    """

    def enter(self, now_us: int) -> None:
        gun = self.gun
        self.doing = ""
        self._task = None  # the homing that is under way
        self._leaving = False
        self._since_ms = self.at_ms = gun.clock.at_ms
        self.ms = 0
        self.stall = [-1, -1]
        gun.primed = False
        gun.empty_steps = 0

    def bench(self, arguments: dict):
        """The reply to a request, or a job that gives it when it is done. Raises Refused."""
        gun = self.gun
        do = arguments["do"]
        if self._leaving:
            raise refuse(errors.NOT_NOW, "", "the gun restarts", "calibrating")
        self._since_ms = gun.clock.at_ms
        if do == "leave":
            self._leave(ASKED)
        elif do != "read":
            if self.doing:
                raise refuse(errors.NOT_NOW, "", self.doing, "one at a time")
            if do != "release" and gun.inputs.contact:
                raise refuse(errors.NOT_NOW, "", "the foot touches", "the foot free")
            self._begin(do, arguments)
            return Act(self)
        return seen(gun, self.stall, self.ms)

    def _begin(self, do: str, arguments: dict) -> None:
        gun = self.gun
        if do in ("seek", "move") and not gun.homed:
            raise refuse(errors.NOT_NOW, "", "its place is lost", "home it first")
        for axis in (CARRIAGE, PLUNGER):
            # What was read before is not this act's.
            gun.board.stall(axis)
        self.at_ms = gun.clock.at_ms
        _ACTS[do][0](self, arguments)
        self.doing = do
        gun.wake_in(0)

    def step(self, now_us: int) -> None:
        gun = self.gun
        if self._leaving:
            return
        if gun.press.went_on:
            self._leave(PRESSED)
        elif gun.clock.at_ms - self._since_ms > SILENT_MS:
            self._leave(SILENT)
        elif self.doing:
            if gun.inputs.contact and self.doing != "release":
                gun.stop(errors.BENCH_TOUCHED)
            elif _ACTS[self.doing][1](self, now_us):
                self._reached()

    def _reached(self) -> None:
        """What was asked for is done."""
        gun = self.gun
        self.ms = gun.clock.at_ms - self.at_ms
        self.stall = [gun.board.stall(CARRIAGE), gun.board.stall(PLUNGER)]
        self._rest()
        gun.wake_in(0)

    def _rest(self) -> None:
        self.doing = ""
        self._task = None
        self.gun.seated_ok = False
        self.gun.board.force_watch(0)

    def _leave(self, why: int) -> None:
        """Whatever moves stops, the spring takes the needle back, the gun starts anew."""
        gun = self.gun
        gun.drive.release()
        gun.homed = False
        self._leaving = True
        self._rest()
        gun.log(errors.EVENT_CALIBRATING, why)
        gun.board.restart()

    @property
    def busy(self) -> bool:
        """Whether something is under way. Raises Refused where it was broken off."""
        gun = self.gun
        if gun.state != states.CALIBRATING:
            raise refuse(gun.trouble or errors.NOT_NOW)
        if self._leaving:
            raise refuse(errors.NOT_ALLOWED, "", "stopped at the gun")
        return self.doing != ""

    def abandon(self, code: int, now_us: int) -> None:
        super().abandon(code, now_us)
        self.doing = ""
        self.gun.board.force_watch(0)

    def lines(self) -> list:
        if self._leaving:
            return ["Calibrating", "", "The gun restarts"]
        doing = self.doing or "at rest"
        return ["Calibrating", doing, "", "Needle may move:", "keep hands off", "", "Press: stop"]


class Act:
    """A job that gives the reply once what was begun is done."""

    asks = False

    def __init__(self, activity):
        self._activity = activity

    def step(self, link):
        """The reply at the end. Raises Refused where it was broken off."""
        activity = self._activity
        if activity.busy:
            link.wait()
            return None
        return seen(activity.gun, activity.stall, activity.ms)


# Each begins what its name says; of the request's arguments only `move` has any.


def home(activity, _: dict) -> None:
    gun = activity.gun
    held = aside.held("starting")
    from mesofw.core import starting

    activity._task = starting.Homing(gun)
    if not held:
        aside.let_go("starting")
    gun.homed = False
    activity._task.enter(gun.clock.now_us)


def seek(activity, _: dict) -> None:
    """Raises Refused where there is nothing to be found."""
    gun = activity.gun
    if not gun.seat.on:
        raise refuse(errors.NO_SYRINGE)
    steps = _most(gun, PLUNGER) - gun.inputs.plunger_steps
    if steps <= 0:
        raise refuse(errors.NOT_NOW, "", "plunger at its end", "further back")
    if gun.inputs.force_mn < gun.settings["contact_mn"]:
        gun.seated_ok = True
        gun.board.force_watch(gun.settings["contact_mn"])
        gun.drive.move(PLUNGER, steps, SEEK_HZ, gun.clock.now_us)


def move(activity, arguments: dict) -> None:
    """Raises Refused for what is out of bounds."""
    gun = activity.gun
    axis, steps = arguments["axis"], arguments["steps"]
    hz = arguments["hz"] or AXES[axis].speed_hz
    at, most = gun.drive.at(axis), _most(gun, axis)
    if not steps or not 0 <= at + steps <= most:
        raise _beyond("steps", steps, -at, most - at)
    forward = steps > 0
    if axis == PLUNGER and not forward and gun.inputs.carriage_steps > 0:
        # A plunger that goes back draws in through the needle.
        raise refuse(errors.NOT_NOW, "", "the needle is out", "needle back first")
    over = OVER_PERCENT
    if axis == PLUNGER and gun.seat.on:
        over = 100
    fastest = AXES[axis].speed_hz * over // 100
    slowest = abs(steps) // LONGEST_S + 1
    if not slowest <= hz <= fastest:
        raise _beyond("hz", hz, slowest, fastest)
    gun.seated_ok = axis == PLUNGER and forward and gun.seat.on
    gun.board.force_watch(gun.settings["force_mn"])
    speeds = ramps(axis, forward)
    table = gun.drive.table
    table.clear()
    # Not its `move`, which holds back from what is above the top speed.
    table.reach(0, axis, steps, motion.cruise_speed(abs(steps), hz, *speeds), speeds)
    gun.drive.run(gun.clock.now_us)


def hold(activity, _: dict) -> None:
    activity.gun.board.motors(True, True)
    activity.gun.drive.carriage_on = True


def release(activity, _: dict) -> None:
    # Where the spring brings the carriage, no step tells.
    activity.gun.homed = False
    activity.gun.drive.release()


# Each goes on with it in every step; True once it is done.


def _follow(activity, now_us: int) -> bool:
    activity._task.step(now_us)
    return activity.gun.homed


def _seek(activity, now_us: int) -> bool:
    gun = activity.gun
    inputs = gun.inputs
    moved = gun.drive.step(now_us)
    if moved == TROUBLE:
        gun.stop(gun.drive.code)
    elif inputs.force_mn >= gun.settings["contact_mn"]:
        gun.drive.stop()
        gun.session.found_steps = inputs.plunger_steps
        return True
    elif inputs.plunger_home and inputs.plunger_steps > LEFT_HOME_STEPS:
        gun.stop(errors.HOME_STUCK)
    elif moved == DONE:
        gun.stop(errors.STOPPER_NOT_FOUND)
    return False


def _watch(activity, now_us: int) -> bool:
    gun = activity.gun
    moved = gun.drive.step(now_us)
    if moved == TROUBLE and gun.drive.code in (errors.CARRIAGE_LOST, errors.PLUNGER_LOST):
        # Lost steps are what a motor's measurement looks for: the reply shows them.
        gun.drive.stop()
        gun.homed = False
        return True
    if moved == TROUBLE:
        gun.stop(gun.drive.code)
    elif gun.inputs.force_mn > gun.settings["force_mn"]:
        gun.stop(errors.OCCLUSION)
    else:
        return moved == DONE
    return False


def _withdraw(activity, _: int) -> bool:
    gun = activity.gun
    left_ms = activity.at_ms + RELEASE_MS - gun.clock.at_ms
    if gun.inputs.carriage_home:
        return True
    if left_ms < 0:
        gun.stop(errors.NOT_RETRACTED)
    gun.wake_in(left_ms * 1000 + 1000)
    return False


_ACTS = {
    "home": (home, _follow),
    "seek": (seek, _seek),
    "move": (move, _watch),
    "hold": (hold, lambda *_: True),
    "release": (release, _withdraw),
}


def _most(gun, axis: int) -> int:
    """The furthest step from home that an axis may go to."""
    if axis == PLUNGER and gun.calibration:
        return gun.calibration["empty_um"] * 1000 // AXES[PLUNGER].step_nm
    return AXES[axis].travel_steps


def _beyond(name: str, found: int, low: int, high: int):
    return refuse(errors.OUT_OF_RANGE, "a." + name, str(found), "%d to %d" % (low, high))

"""Defects to be planted in the gun, one for each rule, and where each shows. They stand for the
duration of one search and are never in the gun itself."""

# ruff: noqa: ARG005 - what stands in for something takes what that takes.

from collections.abc import Callable
from typing import Any

from mesofw.core import account, keyed, shot, states, waiting
from mesofw.core import gun as guns
from mesofw.core import journal as journals
from mesofw.core import panel as panels
from mesofw.core.activity import Activity
from mesofw.core.calibrating import Calibrating
from mesofw.core.drive import Drive
from mesofw.core.panel import Panel
from mesofw.core.priming import Priming
from mesofw.core.session import Session
from mesofw.core.shooting import Ready, Shooting
from mesofw.core.starting import Homing
from tests.explore import defects, roots
from tests.explore.defects import Change, after, before, held, instead

# (rule, stage to begin in, what may happen then, what is planted)
Plant = tuple[str, Callable[[], Any], tuple[str, ...], tuple[Change, ...]]


def _in(stage: Callable[[str], Any], label: str = "plain") -> Callable[[], Any]:
    return lambda: stage(label)


def _silenced() -> Any:
    bench = roots.stopped("plain")
    bench.turn(1)
    bench.run(80_000_000)
    return bench


_PULL = ("trigger on", "trigger off", "next", "0.4 s")
_LIFT = ("30 ms", "contact off", "next")
Faulted, Paused, Idle, Gun = waiting.Faulted, waiting.Paused, waiting.Idle, guns.Gun

PLANTS: tuple[Plant, ...] = (
    ("plunger forward only in its states", _in(roots.paused), ("next",),
     ((Paused, "step", after(defects.pushes)),)),
    ("needle forward only in its states", _in(roots.paused), ("next",),
     ((Paused, "step", after(defects.sends_needle)),)),
    ("by hand only off the skin", _in(roots.priming), ("contact on", "trigger on", "30 ms"),
     ((Priming, "_hands", instead(defects.pushes_on_skin)),)),
    ("shot by trigger", _in(roots.ready), ("turn",),
     ((Ready, "step", after(defects.fires_by_knob)),)),
    ("shot on contact", _in(roots.ready), ("contact off", "30 ms", "trigger on"),
     (held("contact"),)),
    ("shot from home", _in(roots.ready), ("pedal on",),
     ((Shooting, "enter", before(defects.unhomed)),)),
    ("shot calibrated", _in(roots.ready), ("pedal on",),
     (held("calibrated"), (Shooting, "_fire", before(defects.uncalibrated)))),
    ("shot commissioned", _in(roots.ready, "uncommissioned"), _PULL,
     (held("commissioned"), (Idle, "_forbidden", instead(lambda activity: 0)))),
    ("shot primed", _in(roots.priming), ("press", "contact on", "30 ms", "trigger on"),
     ((Priming, "_pressed", instead(defects.is_primed)),)),
    ("shot with volume", _in(roots.spent), _PULL, (held("volume"),)),
    ("shot with its intent", _in(roots.ready), _PULL,
     ((journals.Journal, "begin", defects.no_intent),)),
    ("shot is one dose", _in(roots.ready), _PULL, ((shot, "plan", after(defects.doubles)),)),
    ("fault stops flow", _in(roots.shooting), ("3 ms", "driver silent"),
     ((Activity, "abandon", instead(lambda *_: None)),
      (Drive, "release", instead(defects.lets_run)))),
    ("hazard is a fault at once", _in(roots.ready), ("stop",),
     ((Gun, "hazard", instead(lambda gun: 0)),)),
    ("syringe out is a fault", _in(roots.ready), ("syringe out", "30 ms"),
     ((Gun, "hazard", defects.no_syringe),)),
    ("lost contact stops the shot", _in(roots.shooting), _LIFT,
     ((Shooting, "_hazard", instead(lambda activity: 0)),)),
    ("place unknown until homed", _in(roots.ready), ("hot",),
     ((Gun, "stop", after(defects.stays_homed)),)),
    ("home is where it says", _in(roots.fresh), ("next",),
     ((Homing, "step", instead(defects.at_once)),)),
    ("primed only in a session", _in(roots.ready), ("hot",),
     ((Gun, "stop", after(defects.stays_primed)),)),
    ("nothing resumes by itself", _in(roots.ready), ("power off and on", "contact off", "next"),
     ((Idle, "step", before(defects.resumes)),)),
    ("fed last and once", _in(roots.idle), ("next",), ((Panel, "step", after(defects.feeds)),)),
    ("fed in healthy steps only", _in(roots.idle), ("error in link_read",),
     ((Gun, "_broken", after(defects.feeds)),)),
    ("fault drives nothing but home", _in(roots.ready), ("stop",),
     ((Faulted, "step", after(defects.stays_on)),)),
    ("fault brings the needle home", _in(roots.shooting),
     ("30 ms", "carriage jams", "driver silent", "3.5 s"),
     ((waiting, "RETRACT_MS", instead(1_000_000)),)),
    ("fault is left by a press only", _in(roots.stopped), ("next",),
     ((Faulted, "step", after(defects.clears_itself)),)),
    ("fault is recorded", _in(roots.ready), ("hot",), ((Gun, "log", defects.no_fault_logged),)),
    ("shots are closed", _in(roots.shooting), ("0.4 s", "next"),
     ((account, "close", instead(defects.not_closed)),)),
    ("record open in a shot only", _in(roots.shooting), ("hot",),
     ((Shooting, "abandon", instead(Activity.abandon)),)),
    ("records are whole and chained", _in(roots.ready), ("press", "30 ms"),
     ((journals.Journal, "_seal", after(defects.breaks_chain)),)),
    ("states follow the table", _in(roots.ready), ("turn",),
     ((Ready, "step", after(defects.jumps)),)),
    ("rest is rest", _in(roots.ready), ("press",),
     ((Paused, "enter", after(defects.draws_back)),)),
    ("needle in its guard", _in(roots.shooting), _LIFT,
     ((Shooting, "_withdraw", instead(defects.leaves_needle)),)),
    ("no further back than it came", _in(roots.shooting), _LIFT,
     ((shot, "plan_recover", after(defects.far_back)),)),
    ("back only with the needle out", _in(roots.shooting), _LIFT,
     ((shot, "plan_recover", instead(defects.back_first)),)),
    ("the bench's own rules", _in(roots.shooting), _LIFT,
     ((Drive, "stop", instead(defects.lets_run)),)),
    ("training moves nothing", _in(roots.seating, "training"), ("press",),
     ((states, "PLAYED", instead(())),)),
    ("limits hold", _in(roots.shooting), ("0.4 s", "next"),
     ((Session, "count", after(defects.counts_much)),)),
    ("a zone gives its shots only", _in(roots.last), _PULL,
     ((Shooting, "_zone_finished", instead(defects.goes_on)), held("zone_left"))),
    ("waits are bounded", _in(roots.idle), ("next",),
     ((guns, "LONGEST_WAIT_US", instead(3_000_000)),)),
    ("asked under the key only", _in(roots.idle, "keyed"),
     ("challenge", "asks for service by a wrong key"),
     ((keyed.Keyed, "_verify", instead(lambda *_: None)),)),
    ("changed under the key only", _in(roots.idle, "keyed"),
     ("challenge", "notes a limit", "stores limits"),
     ((keyed.Asking, "step", instead(defects.unasked)),)),
    ("service under the key only", _in(roots.idle, "keyed"),
     ("challenge", "asks for service"),
     ((keyed.Asking, "step", instead(defects.unasked)),)),
    ("calibrating under the key only", _in(roots.idle, "calibrating"),
     ("challenge", "asks for calibrating"),
     ((keyed.Asking, "step", instead(defects.unasked)),)),
    ("calibrating moves with the foot free", _in(roots.calibrating, "calibrating"),
     ("contact on", "bench needle out"),
     ((Calibrating, "bench", instead(defects.acts_on_skin)),)),
    ("calibrating pushes from home only", _in(roots.calibrating, "calibrating"),
     ("bench releases", "next", "bench plunger on"),
     ((Calibrating, "_begin", instead(defects.begins_anywhere)),)),
    ("calibrating is left at rest", _in(roots.reaching, "calibrating"), ("bench leaves",),
     ((Calibrating, "_leave", instead(defects.leaves_running)),)),
    ("light tells the state", _in(roots.ready), ("press",),
     ((panels, "_SIGNS", defects.looks_ready),)),
    ("silence ends", _silenced, ("65 s",),
     ((panels, "SILENT_MS", instead(1_000_000)),)),
    ("screen tells the state", _in(roots.ready), ("press",),
     ((Paused, "lines", instead(lambda activity: ["Ready"])),)),
)  # fmt: skip

"""The session as it goes: what the gun does now, in figures that are read at arm's length, what is
to be done next, and what went wrong."""

from nicegui import ui

from mesofw.core.waiting import needle_text
from mesohost.answers import Shown
from mesohost.console import hands, noting
from mesohost.console.catalogue import Texts
from mesohost.console.frame import Page, follow
from mesohost.console.service import Live
from mesohost.console.widgets import BAD, Figure, Words, box, button, card, notice, say
from mesohost.program import Program
from mesohost.program.model import Zone
from mesohost.troubles import Trouble

# States in which there is something to pause.
_PAUSES = ("ready", "shooting")
_SHOWN_NL = 1_000
_STEPS = {"idle": 3, "loading": 4, "priming": 3, "ready": 3, "paused": 3}


class _View:
    """The page's parts that change as the gun goes on."""

    def __init__(self, page: Page):
        self._page = page
        texts = page.texts
        self._shown: tuple[object, ...] = ()
        self._share = 0
        self._alarm = ui.element("div").classes("alarm-place")
        with box("session-grid"):
            with box("session-main"):
                with card(classes="zone-card"):
                    self._state = Words("p", "", "state-word")
                    self._zone = Words("p", "", "zone-name")
                    with box("figures"):
                        self._left = Figure(texts("session.shots_left"), "main-figure")
                        self._volume = Figure(texts("session.volume_left"), "main-figure")
                        self._depth = Figure(texts("session.depth"))
                        self._dose = Figure(texts("session.dose"))
                        self._shots = Figure(texts("session.shots_done"))
                        self._given = Figure(texts("session.given"))
                    with box("bar", role="presentation"):
                        self._bar = ui.element("div").classes("bar-done")
                if page.house.virtual:
                    hands.panel(page, page.house.virtual)
                noting.panel(page, page.house.session_of(page.house.service.live))
            with box("session-side"):
                with card(texts("session.next"), "guide-card"):
                    self._guide = ui.element("ol").classes("guide")
                    self._pause = button(texts("session.pause"), self._ask_pause, "primary wide",
                                         "pause")  # fmt: skip
                with card(texts("session.gun_shows"), "screen-card"):
                    self._screen = Words("pre", "", "gun-screen")
                    self._screen.props["lang"] = "en"
        follow(page, self._show)

    def _show(self) -> None:
        page, texts = self._page, self._page.texts
        live = page.house.service.live
        status = live.status
        program = page.house.program_of(live)
        zone = _zone(program, status)
        state = status.state if live.linked and status else "lost"
        say(self._state, texts("state." + state))
        if status:
            self._figures(status, program, zone)
            say(self._screen, status.screen.replace("|", "\n"))
        self._pause.set_visibility(state in _PAUSES)
        self._changed(live, state, program)

    def _figures(self, status: Shown, program: Program | None, zone: Zone | None) -> None:
        texts = self._page.texts
        open_ = status.open
        if zone and program:
            named = texts("session.zone", number=status.zone, count=len(program.zones))
            say(self._zone, f"{named} · {zone.name}")
        else:
            say(self._zone, program.title if program else "")
        planned = zone.shots if zone else status.zone_shots + status.zone_left
        of = texts("session.of", count=planned)
        self._left.show(str(status.zone_left) if open_ else "–", of if open_ else "")
        left_nl = status.left_nl // _SHOWN_NL * _SHOWN_NL
        self._volume.show(texts.show("volume_nl", left_nl) if open_ else "–",
                          program.syringe if program else "")  # fmt: skip
        self._depth.show(texts.show("depth_um", zone.depth_um) if zone else "–",
                         texts.of("layer", zone.layer) if zone else "")  # fmt: skip
        self._dose.show(texts.show("volume_nl", zone.volume_nl) if zone else "–",
                        texts.of("mode", zone.mode) if zone else "")  # fmt: skip
        total = texts("session.of", count=program.shots) if program else ""
        self._shots.show(str(status.shots), total)
        total_nl = program.total_nl if program else 0
        of = texts("session.of", count=texts.show("volume_nl", total_nl)) if program else ""
        given_nl = status.given_nl // _SHOWN_NL * _SHOWN_NL
        self._given.show(texts.show("volume_nl", given_nl), of)
        share = 100 * status.shots // max(1, program.shots) if program else 0
        if share != self._share:
            self._share = share
            self._bar.style(f"width: {share}%")

    def _changed(self, live: Live, state: str, program: Program | None) -> None:
        """What is made anew only when there is something else to say."""
        trouble = live.status.trouble if live.status else 0
        loaded = program.sha256 if program else bool(live.program)
        shown = (state, trouble, live.lost, loaded, self._page.house.kept_trouble)
        if shown == self._shown:
            return
        self._shown = shown
        texts = self._page.texts
        self._alarm.clear()
        with self._alarm:
            if live.lost:
                _alarm(texts("session.lost"), texts("session.lost_do"), live.lost)
            elif state == "fault" or trouble:
                _alarm(texts.cause(trouble), texts.remedy(trouble),
                       texts("session.stopped", code=trouble))  # fmt: skip
            if self._page.house.kept_trouble:
                notice(self._page.house.kept_trouble, BAD)
        self._guide.clear()
        with self._guide:
            for line in guide(texts, state, program, bool(live.program)):
                Words("li", line)

    async def _ask_pause(self) -> None:
        try:
            await self._page.house.service.do(lambda gun: gun.pause())
        except Trouble as trouble:
            ui.notify(str(trouble), type="negative", multi_line=True)


def session_page(page: Page) -> None:
    """The content of the session's page."""
    _View(page)


def guide(texts: Texts, state: str, program: Program | None, held: bool) -> list[str]:
    """What is to be done at the gun now, step by step."""
    if state == "idle" and not held:
        return [texts("guide.idle.empty")]
    if state not in _STEPS:
        return [texts("guide." + state)]
    values = {
        "title": program.title if program else "–",
        "patient": program.patient if program else "–",
        "syringe": program.syringe if program else "–",
        "needle": needle_text(program.needle, program.length_um, program.pins) if program else "–",
        "shots": program.shots if program else "–",
        "total": texts.show("total_nl", program.total_nl) if program else "–",
    }
    return [texts(f"guide.{state}.{number}", **values) for number in range(1, _STEPS[state] + 1)]


def _zone(program: Program | None, status: Shown | None) -> Zone | None:
    if not program or not status or not 1 <= status.zone <= len(program.zones):
        return None
    return program.zones[status.zone - 1]


def _alarm(cause: str, remedy: str, more: str) -> None:
    with box("alarm", role="alert"):
        Words("p", cause, "alarm-cause")
        if remedy:
            Words("p", remedy, "alarm-do")
        Words("p", more, "alarm-more")

"""The zones: chosen on a picture of the body, each with its size, density, depth and dose."""

from nicegui import ui

from mesofw.core import parts
from mesofw.core.modes import MODES
from mesofw.core.program import RATE_MAX_PER_MIN, SESSION_MAX_NL
from mesohost.clinic import areas
from mesohost.clinic.areas import REGIONS, Region
from mesohost.console import body
from mesohost.console import plan as plans
from mesohost.console.drafting import Drafting, faults, told
from mesohost.console.plan import PlannedZone
from mesohost.console.widgets import Amount, Words, attribute, box, button, card, choice, say
from mesohost.troubles import ClinicTrouble

_START = PlannedZone("", "single", "superficial", 1_500, 10_000, 20, 60)
_NAME_MAX = 24


def draw(drafting: Drafting) -> None:
    """The step's content."""
    _Zones(drafting)


def open_point(drafting: Drafting) -> str:
    """What is still open here, in words; empty where nothing is."""
    loaded = drafting.loaded
    if not drafting.plan.zones:
        return drafting.texts("zones.none")
    return drafting.texts("zones.faulty") if plans.within(loaded.faults, "zones") else ""


class _Zones:
    def __init__(self, drafting: Drafting):
        self._drafting = drafting
        zones = drafting.plan.zones
        self._at = 0
        self._chips: list[Words] = []
        self._region: Region = body.region_of(zones[0].area) if zones else "face"
        self._shots: Amount | None = None
        with box("zones-grid"):
            with card(classes="body-card"):
                self._views = ui.element("div")
                self._picture = ui.element("div").classes("body-picture")
            with box("zones-side"):
                self._list = ui.element("div").classes("zone-list")
                self._editor = ui.element("div")
        self._totals = ui.element("div")
        self._draw_all()
        drafting.then(self._totals, self._draw_totals)

    @property
    def _zone(self) -> PlannedZone | None:
        zones = self._drafting.plan.zones
        return zones[self._at] if self._at < len(zones) else None

    def _draw_all(self) -> None:
        self._draw_views()
        self._draw_picture()
        self._draw_list()
        self._draw_editor()

    def _draw_views(self) -> None:
        texts = self._drafting.texts
        self._views.clear()
        with self._views:
            choice(texts("zones.view"), {region: texts("view." + region) for region in REGIONS},
                   self._region, self._show_region, "view")  # fmt: skip

    def _show_region(self, region: str) -> None:
        self._region = next(one for one in REGIONS if one == region)
        self._draw_picture()

    def _draw_picture(self) -> None:
        texts = self._drafting.texts
        picture = areas.picture(self._region)
        planned = {zone.area for zone in self._drafting.plan.zones}
        chosen = self._zone.area if self._zone else ""
        frame = f"0 0 {picture.width:g} {picture.height:g}"
        self._picture.clear()
        with self._picture, box("body-svg", "svg", viewBox=frame, role="group",
                                aria_label=texts("view." + self._region)):  # fmt: skip
            ui.element("path").classes("outline").props["d"] = body.path(picture.outline)
            for area in areas.of_region(self._region):
                shape = ui.element("path").classes("region")
                shape.props.update({
                    "d": body.path(area.shape), "tabindex": 0, "role": "button",
                    "data-testid": f"area-{area.id}",
                    "aria-label": body.name(texts, area),
                    "aria-pressed": str(area.id in planned).lower(),
                })  # fmt: skip
                shape.classes("planned " * (area.id in planned) + "chosen" * (area.id == chosen))
                shape.on("click", lambda _, area=area: self._take(area))
                shape.on("keydown.enter", lambda _, area=area: self._take(area))

    def _take(self, area: areas.Area) -> None:
        """A tap: the zone there; else the chosen one, if it has no place yet; else a new one."""
        plan, texts = self._drafting.plan, self._drafting.texts
        found = [at for at, zone in enumerate(plan.zones) if zone.area == area.id]
        if found:
            self._at = found[0]
        elif self._zone and not self._zone.area:
            self._zone.area = area.id
        else:
            copy = plans.copied(self._zone or _START)
            copy.name, copy.area = body.name(texts, area)[:_NAME_MAX], area.id
            plan.zones.append(copy)
            self._at = len(plan.zones) - 1
        self._drafting.changed()
        self._draw_all()

    def _draw_list(self) -> None:
        """The zones as buttons: changed where they stand, for one may just be pressed."""
        texts, zones = self._drafting.texts, self._drafting.plan.zones
        if len(self._chips) != len(zones):
            self._list.clear()
            with self._list:
                self._chips = [self._chip(at) for at in range(len(zones))]
        for at, (chip, zone) in enumerate(zip(self._chips, zones, strict=True)):
            dose = texts.show("volume_nl", zone.volume_nl)
            say(chip, f"{at + 1} {zone.name} · {zone.shots} × {dose}")
            attribute(chip, "aria-pressed", str(at == self._at).lower())

    def _chip(self, at: int) -> Words:
        one = Words("button", "", "zone-chip")
        one.props.update({"type": "button", "data-testid": f"zone-{at + 1}"})
        one.on("click", lambda: self._choose(at))
        return one

    def _choose(self, at: int) -> None:
        self._at = at
        zone = self._zone
        if zone and zone.area:
            self._region = body.region_of(zone.area)
        self._draw_all()

    def _draw_editor(self) -> None:
        self._editor.clear()
        zone, texts = self._zone, self._drafting.texts
        with self._editor:
            if zone is None:
                Words("p", texts("zones.tap"), "notice")
                return
            with card(zone.name, "zone-editor"):
                choice(texts("zones.mode"), {mode: texts("mode." + mode) for mode in MODES},
                       zone.mode, lambda mode: self._set("mode", mode), "mode")  # fmt: skip
                choice(texts("zones.layer"),
                       {layer: texts("layer." + layer) for layer in parts.LAYER_NAMES},
                       zone.layer, lambda layer: self._set("layer", layer), "layer")  # fmt: skip
                with box("amounts"):
                    self._amount("depth_um", 0.1, 0.1, parts.DEPTH_MAX_UM / 1000, "mm", 1000)
                    self._amount("volume_nl", 1, 0, 2_000, "µL", 1000)
                    self._amount("area_mm2", 1, 0, 2_000, "cm²", 100)
                    self._amount("spacing_um", 1, 0, 50, "mm", 1000)
                    self._shots = self._amount("shots", 1, 1, 2_000, "", 1)
                    self._amount("rate_per_min", 10, 1, RATE_MAX_PER_MIN, "/min", 1)
                faults(self._drafting, f"zones[{self._at + 1}].")
                button(texts("zones.remove"), self._remove, "danger", "remove-zone")

    def _amount(
        self, name: str, step: float, low: float, high: float, unit: str, factor: int
    ) -> Amount:
        zone, texts = self._zone, self._drafting.texts
        value = getattr(zone, name) / factor
        return Amount(
            texts("zones." + name), round(value, 3), step, low, high, unit,
            lambda found: self._set(name, round(found * factor)), texts, name,
        )  # fmt: skip

    def _set(self, name: str, value: int | str) -> None:
        zone = self._zone
        if zone is None or getattr(zone, name) == value:
            return
        setattr(zone, name, value)
        if name == "mode" and value == "dry":
            zone.volume_nl = 0
        if name in ("area_mm2", "spacing_um") and zone.area_mm2 and zone.spacing_um:
            self._count(zone)
        self._drafting.changed()
        self._draw_list()
        if name == "mode":
            self._draw_editor()

    def _count(self, zone: PlannedZone) -> None:
        """As many shots as the area takes at the spacing."""
        try:
            zone.shots = areas.grid(zone.area_mm2, zone.spacing_um).points
        except ClinicTrouble as trouble:
            ui.notify(str(trouble), type="warning", multi_line=True)
            return
        if self._shots:
            self._shots.set(zone.shots)

    def _remove(self) -> None:
        del self._drafting.plan.zones[self._at]
        self._at = max(0, self._at - 1)
        self._drafting.changed()
        self._draw_all()

    def _draw_totals(self) -> None:
        """What all zones come to, against the limits."""
        texts, plan = self._drafting.texts, self._drafting.plan
        total_nl = sum(zone.shots * zone.volume_nl for zone in plan.zones)
        hard_nl = plan.hard.get("session_nl", SESSION_MAX_NL)
        soft_nl = plan.soft.get("session_nl", 0)
        shots = sum(zone.shots for zone in plan.zones)
        self._totals.clear()
        with self._totals, card(texts("zones.totals"), "totals"):
            Words("p", texts("zones.sum", shots=shots, total=texts.show("volume_nl", total_nl)),
                  "totals-line")  # fmt: skip
            said = texts("zones.hard", limit=texts.show("volume_nl", hard_nl))
            if soft_nl:
                said += " · " + texts("zones.soft", limit=texts.show("volume_nl", soft_nl))
            Words("p", said)
            over = total_nl > hard_nl
            share = min(100, 100 * total_nl // max(1, hard_nl))
            kind = "over" if over else "near" if soft_nl and total_nl > soft_nl else ""
            with box("bar", role="presentation"):
                ui.element("div").classes(f"bar-done {kind}").style(f"width: {share}%")
            program = self._drafting.loaded.program
            if program:
                count = program.fillings.syringes
                Words("p", texts("zones.syringes", count=count, syringe=program.syringe))
            rows = (*self._drafting.loaded.faults, *self._drafting.loaded.warnings)
            general = [one for one in rows if not one.at.startswith(("zones[", "products"))]
            for one in general:
                Words("p", told(texts, one), f"notice {'watch' if one.soft else 'bad'}")

"""The console in the browser: how soon it is there, and how late it shows what the gun does."""

import datetime
import os
import random
import shutil
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from mesohost.archive import Archive
from mesohost.clinic import users
from mesohost.console.training import Hand
from mesohost.console.virtual import VirtualGun
from mesohost.gun import Gun
from mesohost.program import load_program
from tests.bench.place import Place
from tests.bench.rows import LOWER, Row, Unavailable

ROOT = Path(__file__).resolve().parents[2]
STARTS, EVENTS = 3, 60
PASSWORD = "a password of some length"
# What the operator's hand does, and what puts the gun's screen back.
DO, UNDO = Hand("do", ("press knob",)), Hand("undo", ("release knob", "turn 1"))
_SEEN = """() => { const e = document.querySelector('.gun-screen'); window.seen = [];
new MutationObserver(() => window.seen.push(Date.now()))
.observe(e, {characterData: true, childList: true, subtree: true}); }"""


@contextmanager
def _browser() -> Iterator[Any]:
    try:
        from playwright.sync_api import sync_playwright
    except ModuleNotFoundError:
        raise Unavailable("playwright is missing: pip install 'mesogun[console-test]'") from None
    path = os.environ.get("MESOGUN_CHROMIUM") or shutil.which("chromium")
    if not path:
        raise Unavailable("chromium is missing: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path)
        yield browser
        browser.close()


def _consoles() -> Any:
    sys.path.insert(0, str(ROOT / "tests" / "console_browser"))
    import consoles

    return consoles


def console_start_s(_place: Place) -> list[Row]:
    """From the command to the first page in a browser that is open."""
    consoles = _consoles()
    took: list[float] = []
    with _browser() as browser:
        for _ in range(STARTS):
            began_s = time.monotonic()
            with consoles.Console("--training") as console:
                page = browser.new_page()
                page.goto(console.url + "/login")
                page.wait_for_selector("h1")
                took.append(time.monotonic() - began_s)
                page.close()
    return [Row("console_start_s", statistics.median(took), "s", LOWER, 3.0)]


def live_lag_ms(place: Place) -> list[Row]:
    """From a hand at the virtual gun to the figures on the page, 95th percentile."""
    consoles = _consoles()
    folder = place.fresh()
    program = load_program(ROOT / "examples" / "papules.toml", datetime.date.today()).program
    assert program
    users.add(Archive(folder), "bench", "operator", PASSWORD)
    virtual = VirtualGun(folder / "gun", 1.0)
    virtual.start()
    with Gun.open(virtual.port) as gun:
        while gun.status().state != "idle":
            gun.wait(0.1)
        gun.load(program.text)
    arguments = ("--archive", str(folder), "--port", virtual.port)
    with _browser() as browser, consoles.Console(*arguments) as console:
        page = browser.new_page()
        page.goto(console.url + "/login")
        page.fill("#name", "bench")
        page.fill("#password", PASSWORD)
        page.click("button.primary")
        page.wait_for_selector(".ways")
        page.goto(console.url + "/session")
        page.wait_for_selector(".gun-chip.state-idle")
        page.evaluate(_SEEN)
        lags = sorted(_lag_ms(page, virtual) for _ in range(EVENTS))
    virtual.stop()
    p95 = lags[int(0.95 * len(lags))]
    note = f"median {statistics.median(lags):.0f} ms, most {lags[-1]:.0f} ms of {EVENTS}"
    return [Row("live_lag_ms", p95, "ms", LOWER, 200.0, note=note)]


def _lag_ms(page: Any, virtual: VirtualGun) -> float:
    page.wait_for_timeout(300 + 300 * random.random())
    page.evaluate("window.seen = []")
    at_ms = time.time() * 1000
    virtual.do(DO)
    page.wait_for_function("window.seen.length > 0", polling=20)
    lag_ms = page.evaluate("window.seen[0]") - at_ms
    page.wait_for_timeout(400)
    virtual.do(UNDO)
    return lag_ms

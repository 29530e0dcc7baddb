"""What tests in the browser share: a console in its own process, and a person who uses it."""

import datetime
import os
import re
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Any

ROOT = Path(__file__).parents[2]
# Where pictures for the documentation go, where somebody wants them.
PICTURES = os.environ.get("MESOGUN_PICTURES", "")
_START_S = 30.0
_HANDS_MS = 90_000
QUESTIONS = (
    "pregnancy", "acute_infection", "thrombosis", "blood_pressure", "anticoagulants",
    "kidney_failure", "hypersensitivity",
)  # fmt: skip


class Console:
    """`mesogun console` with these arguments, until the end of a `with`."""

    def __init__(self, *arguments: str):
        self._arguments = arguments
        self.url = ""

    def __enter__(self) -> "Console":
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.process.terminate()
        self.process.wait(20)

    def start(self) -> None:
        """Start it, and wait until it says where it is."""
        paths = [str(ROOT / name) for name in ("firmware", "host", "sim")]
        environment = os.environ | {"PYTHONPATH": os.pathsep.join([*paths, str(ROOT)])}
        # NiceGUI is served in another way where it takes itself for a test's own.
        environment.pop("PYTEST_CURRENT_TEST", None)
        command = [sys.executable, "-m", "mesohost", "console", "--no-browser", "--page-port", "0"]
        self.process = subprocess.Popen(
            [*command, *self._arguments], stdout=subprocess.PIPE, text=True, env=environment
        )
        assert self.process.stdout
        line = self.process.stdout.readline()
        found = re.search(r"http://\S+", line)
        assert found, f"the console did not start: {line}"
        self.entrance = found[0]
        self.url = re.sub(r"(:\d+/).*", r"\1", found[0]).rstrip("/")

    def kill(self) -> None:
        """End it as a crash does."""
        self.process.kill()
        self.process.wait(10)


class Person:
    """Somebody at a page. `faults` are what axe found, `errors` what the browser complained of;
    `pictures`: what is looked at is for the documentation."""

    def __init__(self, browser: Any, url: str, size: tuple[int, int] = (1280, 800),
                 language: str = "en-US", pictures: bool = False,
    ):  # fmt: skip
        viewport = {"width": size[0], "height": size[1]}
        self._context = browser.new_context(viewport=viewport, locale=language)
        self.page = self._context.new_page()
        self.page.set_default_timeout(60_000)
        self.url = url
        self._pictures = pictures and bool(PICTURES)
        self.faults: list[str] = []
        self.errors: list[str] = []
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", self._heard)

    def _heard(self, message: Any) -> None:
        if message.type == "error":
            self.errors.append(message.text)

    def close(self) -> None:
        """Close the browser's window."""
        self._context.close()

    def go(self, path: str) -> None:
        """Open a page of the console."""
        self.page.goto(self.url + path)
        self.page.wait_for_selector("h1")

    def enter(self, role: int = 0) -> None:
        """Log in by one of the training's buttons."""
        self.page.goto(self.url + "/login")
        self.page.locator("button.big").nth(role).click()
        self.page.wait_for_selector(".ways")

    def at(self, name: str) -> Any:
        """What is called so."""
        return self.page.locator(f'[data-testid="{name}"]').first

    def tap(self, *names: str) -> None:
        """Tap one after the other."""
        for name in names:
            self.at(name).click()

    def type(self, name: str, text: str) -> None:
        """Type into a field and leave it."""
        self.at(name).fill(text)
        self.at(name).blur()

    def sees(self, text: str) -> None:
        """Wait until this can be read."""
        self.page.get_by_text(text).first.wait_for()

    def state(self, name: str) -> None:
        """Wait for a state of the gun, and until the hands are free."""
        self.page.wait_for_selector(f".gun-chip.state-{name}", timeout=_HANDS_MS)
        self.free()

    def free(self) -> None:
        """Wait until the virtual gun's hands are free."""
        told = "()=>{const e=document.querySelector('[data-testid=knob]');return e && !e.disabled}"
        self.page.wait_for_function(told, timeout=_HANDS_MS)

    def look(self, name: str, whole: bool = False) -> None:
        """Have axe look at the page, and take a picture of it where somebody wants one."""
        from axe_playwright_python.sync_playwright import Axe

        self.page.wait_for_timeout(400)
        for found in Axe().run(self.page).response["violations"]:
            if found["impact"] in ("serious", "critical"):
                self.faults.append(f"{name}: {found['id']}: {found['nodes'][0]['html'][:200]}")
        if self._pictures:
            path = ROOT / PICTURES / f"{name}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            self.page.evaluate("window.scrollTo(0, 0)")
            self.page.screenshot(path=str(path), full_page=whole)
            _shrink(path)


def _shrink(path: Path) -> None:
    """A picture as the documentation has it: two thirds as wide, of few colours."""
    from PIL import Image

    with Image.open(path) as shot:
        size = (shot.width * 2 // 3, shot.height * 2 // 3)
        shot.convert("RGB").resize(size, Image.Resampling.LANCZOS).quantize(96).save(
            path, optimize=True
        )


def prepare(person: Person, patient: str = "P-0042", how: str = "gun") -> None:
    """From the patient to the rehearsal, in training."""
    person.go("/prepare")
    person.tap("step-patient")
    person.page.wait_for_selector("[data-testid=step-patient][aria-current=step]")
    person.type("reference", patient)
    person.tap(f"how-{how}")
    person.look("prepare-patient")
    person.tap("use-training-face")
    person.page.wait_for_selector(".way-step.done")
    person.tap("next")
    for question in QUESTIONS:
        person.tap(f"{question}-{'yes' if question == 'anticoagulants' else 'no'}")
    person.type("reason-anticoagulants", "low dose, agreed with the physician")
    person.look("prepare-screening", whole=True)
    person.tap("next")
    person.type("scan-1", "]d20104012345678901173012311" + "0LOT-7")
    person.page.wait_for_function(
        "()=>document.querySelector('[data-testid=lot-1]').value === 'LOT-7'"
    )
    person.look("prepare-products")
    person.tap("next")
    given = datetime.date.today() - datetime.timedelta(days=4)
    person.type("test-day", given.isoformat())
    person.tap("enter-test", "result-negative", "enter-result")
    person.page.wait_for_selector(".notice.good")
    person.look("prepare-test")
    person.tap("next")
    person.page.wait_for_selector(".body-svg")
    person.look("prepare-zones", whole=True)
    person.tap("next", "rehearse")
    person.page.wait_for_selector("img.rehearsal", timeout=60_000)
    person.look("prepare-rehearse", whole=True)


def load(person: Person) -> None:
    """The rehearsed session into the gun."""
    person.tap("load")
    person.page.wait_for_url("**/session")


def until(what: Any, limit_s: float = 30.0) -> None:
    """Wait until `what()` holds."""
    end_s = time.monotonic() + limit_s
    while not what():
        assert time.monotonic() < end_s, "it did not come"
        time.sleep(0.1)

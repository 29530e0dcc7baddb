"""The complete day, in a browser, against the virtual gun with the firmware on MicroPython."""

import csv
import io

from consoles import Console, Person, load, prepare

SCRIPT = "<script>document.title='taken'</script>"


def test_the_day_from_patient_to_report(chromium):
    with Console("--training") as console:
        person = Person(chromium, console.url, pictures=True)
        person.page.goto(console.url + "/login")
        person.look("login")
        person.enter()
        prepare(person)
        load(person)
        person.state("idle")
        person.look("session-confirm")
        person.tap("confirm")
        person.state("loading")
        person.look("session-syringe")
        person.tap("fit")
        person.state("ready")
        _shoot_pause_and_change(person)
        _fault(person)
        person.tap("carry_on")
        person.state("idle")
        _after(person)
        assert person.errors == []
        assert person.faults == []
        person.close()


def _shoot_pause_and_change(person: Person) -> None:
    person.tap("hold")
    person.page.wait_for_selector(".gun-chip.state-shooting")
    person.tap("pause")
    person.state("paused")
    person.look("session-paused")
    person.tap("let_go")
    person.free()
    person.type("note-text", "lies at ease")
    person.tap("write-note")
    person.sees("at ease")
    person.tap("kind-bruise", "severity-mild")
    person.type("note-text", "left temple")
    person.tap("write-note")
    person.sees("left temple")
    # The menu of the gun: one further, and press.
    person.tap("turn")
    person.free()
    person.tap("knob")
    person.state("loading")
    person.tap("fit")
    person.state("ready")


def _fault(person: Person) -> None:
    """The needle is blocked in the middle of a zone; the session goes on behind the last shot."""
    person.page.locator(".mishaps summary").click()
    person.tap("block")
    person.free()
    person.tap("hold")
    person.page.wait_for_selector(".alarm", timeout=30_000)
    person.look("session-alarm")
    person.free()
    person.tap("let_go")
    person.free()
    person.tap("unblock")
    person.free()
    person.tap("knob")
    person.state("idle")
    person.tap("confirm")
    person.state("loading")
    person.tap("fit")
    person.state("ready")


def _after(person: Person) -> None:
    person.go("/after")
    person.page.wait_for_selector(".table")
    person.page.get_by_role("link", name="Open the report").wait_for()
    person.look("after", whole=True)
    person.type("note-text", SCRIPT + " written")
    person.tap("write-note")
    person.sees(SCRIPT + " written")
    person.type("end-words", SCRIPT)
    person.tap("give-care", "end-done")
    person.sees("session 2 of 4")
    where = person.page.get_by_role("link", name="Open the report").get_attribute("href")
    report = person.page.request.get(person.url + where)
    assert report.status == 200
    assert "Training: face" in report.text()
    assert SCRIPT not in report.text()
    assert "taken" not in person.page.title()
    for fact in ("P-0042", "LOT-7", "left temple", "agreed with the physician"):
        assert fact in report.text(), fact
    paper = person.page.request.get(person.url + where.replace(".html", ".pdf"))
    assert paper.body().startswith(b"%PDF")
    table = person.page.request.get(person.url + where.replace(".html", ".csv")).text()
    rows = list(csv.DictReader(io.StringIO(table)))
    assert len(rows) == 40
    person.go("/")
    person.look("home")
    # What was pulled is not pulled again: the report says the same.
    assert person.page.request.get(person.url + where).status == 200

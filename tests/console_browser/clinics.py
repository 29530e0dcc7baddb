"""An archive to begin a day with."""

import datetime
from importlib import resources
from pathlib import Path

from mesohost.archive import Archive
from mesohost.clinic import bodies, course, entries, patients, protocols, users

NAME, PASSWORD = "Ana", "a password of some length"


def begun(folder: Path) -> Archive:
    """An archive with a user, an approved protocol, and a patient whose test was negative."""
    made = Archive(folder)
    ana = users.add(made, NAME, "engineer", PASSWORD, approver=True).id
    text = (resources.files("mesohost.console") / "protocols/training-face.toml").read_text("utf-8")
    version = protocols.approve(made, protocols.add(made, text, by=ana), by=ana)
    patient = patients.register(made, "P-0042", by=ana).id
    today = datetime.date.today()
    treated = course.begin(made, patient, version, today, by=ana).number
    given = today - datetime.timedelta(days=5)
    test = entries.write(made, ana, bodies.Test(done=given, products=()), about=treated).number
    entries.write(made, ana, bodies.TestResult(seen=today, result="negative"), about=test)
    return made

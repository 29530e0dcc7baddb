"""Each page in each language, on a tablet; and what is refused of whoever should not be there."""

import re

import pytest
from consoles import Console, Person, prepare

SCRIPT = '"><img src=x onerror="document.title=\'taken\'"><script>document.title=1</script>'
PAGES = ("/", "/prepare", "/session", "/after", "/bench")


def _write_everywhere(person: Person) -> None:
    """The script in every text field that the page shows."""
    fields = person.page.locator("input[type=text]:visible:enabled, textarea:visible:enabled")
    for field in fields.all():
        field.fill(SCRIPT[:40])
        field.blur()


@pytest.fixture(scope="module")
def training():
    with Console("--training", "--pace", "3") as console:
        yield console


@pytest.mark.parametrize("language", ["en-US", "fr-FR"])
@pytest.mark.parametrize("size", [(1280, 800), (1024, 768)])
def test_every_page_is_there_for_everybody(chromium, training, language, size):
    person = Person(chromium, training.url, size, language)
    person.enter(role=1)
    for path in PAGES:
        person.go(path)
        short = language[:2]
        assert person.page.get_attribute("html", "lang").startswith(short)
        wide = person.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= size[0], f"{path} is wider than the tablet"
        person.look(f"{short}-{size[0]}{path.replace('/', '-')}")
    assert person.faults == []
    assert person.errors == []
    person.close()


def test_targets_are_of_a_fingers_size(chromium, training):
    person = Person(chromium, training.url)
    person.enter()
    for path in PAGES[:-1]:
        person.go(path)
        person.page.wait_for_timeout(300)
        small = person.page.evaluate(
            "()=>[...document.querySelectorAll('button,a.way,a.big,summary')]"
            ".filter(e=>e.offsetParent&&e.getBoundingClientRect().height<48)"
            ".map(e=>e.textContent)"
        )
        assert small == [], path
    person.close()


def test_the_language_is_changed_on_the_page(chromium, training):
    person = Person(chromium, training.url)
    person.enter()
    person.go("/session")
    person.page.get_by_role("button", name="Français").click()
    person.page.get_by_role("heading", name="Séance").wait_for()
    person.close()


def test_a_script_in_a_field_is_text(chromium, training):
    person = Person(chromium, training.url)
    person.enter()
    person.go("/prepare")
    person.type("reference", SCRIPT[:24])
    person.sees(SCRIPT[:10])
    person.tap("use-training-face")
    person.page.wait_for_selector(".notice.good")
    person.tap("step-products")
    person.type("scan-1", SCRIPT)
    person.page.wait_for_selector(".notice.bad")
    person.type("lot-1", SCRIPT[:24])
    person.tap("step-zones")
    person.page.wait_for_selector(".body-svg")
    for step in ("patient", "screening", "products", "test", "zones"):
        person.tap("step-" + step)
        person.page.wait_for_selector(f"[data-testid=step-{step}][aria-current=step]")
        _write_everywhere(person)
    for where in PAGES[:-1]:  # the last one is for engineers
        person.go(where)
        _write_everywhere(person)
    person.page.goto(person.url + "/after?session=" + SCRIPT)
    person.page.wait_for_selector("h1")
    assert "taken" not in person.page.title()
    assert person.page.locator("img[src=x]").count() == 0
    person.close()


def test_a_page_whose_login_is_over_goes_to_the_login_and_comes_back(chromium, training):
    person = Person(chromium, training.url)
    person.enter()
    person.go("/session")
    other = person.page.context.new_page()
    other.goto(training.url + "/")
    other.get_by_role("button", name="Log out").click()
    person.page.wait_for_url("**/login?next=/session")
    person.page.locator("button.big").first.click()
    person.page.wait_for_url("**/session")
    person.close()


def test_an_operator_does_not_reach_the_bench(chromium, training):
    person = Person(chromium, training.url)
    person.enter(role=0)
    assert person.page.goto(person.url + "/bench").status == 403
    person.close()


@pytest.mark.parametrize(
    "path", ["/report/1.html/../../x", "/report/..%2f..%2fetc", "/report/1.pdf.exe",
             "/rehearsal/..%2f..%2farchive.sqlite.svg", "/rehearsal/" + "0" * 64 + ".svg",
             "/static/..%2fapp.py", "/after?session=1%27%20or%201=1"],
)  # fmt: skip
def test_tricks_with_paths_lead_nowhere(chromium, training, path):
    person = Person(chromium, training.url)
    person.enter()
    answer = person.page.request.get(person.url + path)
    assert answer.status in (200, 400, 404)
    assert answer.status != 200 or "<h1" not in answer.text() or path.startswith("/after")
    assert "SQLite format" not in answer.text()
    person.close()


def test_without_a_login_there_is_nothing(chromium, training):
    person = Person(chromium, training.url)
    for path in (*PAGES, "/report/1.html", "/rehearsal/x.svg", "/_nicegui/x"):
        answer = person.page.request.get(person.url + path, max_redirects=0)
        assert answer.status == 303, path
        assert re.match("/login", answer.headers["location"])
    person.close()


def test_wrong_passwords_and_large_forms_are_refused(chromium, tmp_path):
    with Console("--archive", str(tmp_path), "--port", "socket://127.0.0.1:1") as console:
        person = Person(chromium, console.url)
        # Only the address that was printed lets somebody make the first account.
        assert person.page.request.get(console.url + "/setup?code=x").status == 403
        person.page.goto(console.entrance)
        person.page.fill("#name", "Ana <b>")
        person.page.fill("#password", "short")
        person.page.fill("#again", "short")
        person.page.click("button.primary")
        person.sees("too short")
        person.page.fill("#password", "long enough it is")
        person.page.fill("#again", "long enough it is")
        person.page.click("button.primary")
        person.page.wait_for_selector(".ways")
        assert person.page.request.get(console.entrance, max_redirects=0).status == 303
        headers = {"origin": console.url}
        form = {"name": "Ana <b>", "password": "wrong"}
        told = [person.page.request.post(console.url + "/login", form=form, headers=headers).status
                for _ in range(6)]  # fmt: skip
        assert told == [401] * 5 + [429]
        large = {"name": "x" * 400_000}
        answer = person.page.request.post(console.url + "/login", form=large, headers=headers)
        assert answer.status == 413
        person.close()


def test_a_rehearsal_does_not_hold_the_page_up(chromium, training):
    person = Person(chromium, training.url, (1024, 768))
    person.enter()
    prepare(person, "P-0077")
    assert person.faults == []
    person.close()


def test_a_session_by_hand_is_recorded_without_the_gun(chromium, training):
    person = Person(chromium, training.url)
    person.enter()
    prepare(person, "P-0088", how="by_hand")
    person.tap("load")
    person.page.wait_for_url("**/after?session=*")
    person.at("given-1").fill("20")
    person.at("given-1").blur()
    person.page.wait_for_timeout(300)
    person.tap("end-broken_off")
    person.sees("Forehead: 20 × 5 µL")
    person.sees("session 2 of 4")
    where = person.page.get_by_role("link", name="Open the report").get_attribute("href")
    assert "P-0088" in person.page.request.get(training.url + where).text()
    paper = person.page.request.get(training.url + where.replace(".html", ".pdf"))
    assert paper.body().startswith(b"%PDF")
    person.close()


def test_the_bench_looks_and_calibrates(chromium, training):
    person = Person(chromium, training.url, pictures=True)
    person.enter(role=1)
    person.go("/bench")
    person.tap("doctor")
    person.page.wait_for_selector(".doctor-line.good", timeout=60_000)
    assert person.page.locator(".doctor-line.bad").count() == 0
    person.tap("begin-depth")
    person.page.wait_for_selector(".guided-step")
    person.look("bench", whole=True)
    # Another browser finds the session where it is; broken off, it can be gone on with.
    other = Person(chromium, training.url)
    other.enter(role=1)
    other.go("/bench")
    other.page.wait_for_selector(".guided-step")
    other.tap("leave")
    other.at("begin-depth").wait_for()
    assert person.faults == []
    other.close()
    person.close()

"""Every language of the console is complete, and no text stands in its code."""

import ast
import re
from pathlib import Path

import pytest

import mesohost.console
from mesofw.core import errors, texts
from mesohost import nearness
from mesohost.clinic import areas, bodies, screening
from mesohost.console import catalogue, training
from mesohost.console.catalogue import languages, preferred, speak

FOLDER = Path(mesohost.console.__file__).parent
ENGLISH = languages()["en"]
OTHERS = [code for code in languages() if code != "en"]


@pytest.mark.parametrize("code", OTHERS)
def test_a_language_has_every_text_of_english(code):
    known = languages()[code].keys()
    codes = {key for key in known if key.startswith(("cause.", "remedy."))}
    assert known - codes == ENGLISH.keys()


@pytest.mark.parametrize("code", OTHERS)
def test_a_language_has_the_placeholders_of_english(code):
    other = languages()[code]
    keys = ENGLISH.keys()
    wrong = [key for key in keys if other.placeholders(key) != ENGLISH.placeholders(key)]
    assert wrong == []


@pytest.mark.parametrize("code", OTHERS)
def test_a_language_has_a_cause_and_a_remedy_for_every_code_of_core(code):
    other = languages()[code]
    for number, (_, remedy) in texts.TEXT.items():
        name = errors.name(number)
        assert other.has(f"cause.{name}"), name
        assert other.has(f"remedy.{name}") == bool(remedy), name


def test_english_says_causes_in_cores_own_words():
    assert ENGLISH.cause(errors.OCCLUSION) == errors.cause(errors.OCCLUSION)
    assert speak("fr").cause(errors.OCCLUSION) != errors.cause(errors.OCCLUSION)


@pytest.mark.parametrize("code", list(languages()))
def test_what_data_brings_has_its_text(code):
    one = languages()[code]
    for question in screening.QUESTIONS:
        assert one.has(f"screening.{question.id}")
        assert one.has(f"screening_why.{question.id}")
    for effect in bodies.EFFECTS:
        assert one.has(f"effect.{effect}")
    for severity in bodies.SEVERITIES:
        assert one.has(f"severity.{severity}")
    for hand in (*training.HANDS, *training.MISHAPS):
        assert one.has(f"hand.{hand.name}")
    for kind in (*nearness.KINDS, "hard", "soft"):
        assert one.has(f"near.{kind}")
    for region in areas.REGIONS:
        assert one.has(f"view.{region}")


def test_every_key_that_the_code_names_is_in_the_catalogue():
    named: set[str] = set()
    for path in FOLDER.glob("*.py"):
        named |= set(re.findall(r'\btexts\(\s*"([a-z_0-9.]+[a-z_0-9])"', path.read_text("utf-8")))
    page = (FOLDER / "templates" / "entrance.html").read_text("utf-8")
    named |= set(re.findall(r"\bt\([\"']([a-z_.]+)[\"']", page))
    assert len(named) > 100
    assert {key for key in named if not ENGLISH.has(key) and not key.endswith("_")} == set()


def test_no_text_stands_in_the_code():
    """What widgets show comes from the catalogue: their first argument is never a sentence."""
    makers = {"notice", "button", "line", "choice", "Amount", "Figure", "card", "link"}
    found: list[str] = []
    for path in FOLDER.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                continue
            shown = node.args[1:2] if node.func.id == "Words" else node.args[:1]
            known = node.func.id == "Words" or node.func.id in makers
            if known and shown and isinstance(shown[0], ast.Constant) and shown[0].value:
                text = str(shown[0].value)
                if any(letter.isalpha() for letter in text):
                    found.append(f"{path.name}:{node.lineno}: {text}")
    assert found == []


def test_numbers_are_written_as_the_language_writes_them():
    assert ENGLISH.show("depth_um", 1_500) == "1.5 mm"
    assert speak("fr").show("depth_um", 1_500) == "1,5 mm"


def test_the_browsers_language_is_taken_where_there_is_one():
    assert preferred("de-DE,fr-CH;q=0.8,en;q=0.5") == "fr"
    assert preferred("xx") == catalogue.MEASURE
    assert speak("xx").code == catalogue.MEASURE

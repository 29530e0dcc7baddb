"""What `docs/safety` holds is whole: ids, links, sources, and each defect where it says it is."""

import ast
import re

import pytest

from tests.safety import data, naming

SOURCES = re.compile(
    "|".join(["DESIGN: .+", "DOMAIN: .+", "IEC 60601-1-8", "RFC 2104", *data.rules()])
)
REQUIREMENTS = pytest.mark.parametrize("one", data.requirements().values(), ids=lambda one: one.id)


@REQUIREMENTS
def test_a_requirement_is_linked_on_both_sides(one: data.Requirement) -> None:
    assert re.fullmatch(r"SR-\d{3}", one.id)
    assert one.rule.endswith(".")
    assert all(SOURCES.fullmatch(source) for source in one.source), one.source
    assert one.source
    assert one.hazards
    assert set(one.hazards) <= {hazard.id for hazard in data.hazards()}


@pytest.mark.parametrize("one", data.active(), ids=lambda one: one.id)
def test_a_defect_is_where_it_says_and_leaves_python(one: data.Requirement) -> None:
    assert one.mutant
    source = (data.CORE / one.mutant.file).read_text(encoding="utf-8")
    broken = one.mutant.planted(source)
    assert ast.dump(ast.parse(broken)) != ast.dump(ast.parse(source))
    assert one.mutant.defect.endswith(".")


def test_a_defect_whose_text_is_not_there_just_once_is_refused() -> None:
    mutant = data.Mutant("states.py", "a = 1", "a = 2", "A is another.")
    assert mutant.planted("a = 1\n") == "a = 2\n"
    for source in ("b = 1\n", "a = 1\na = 1\n"):
        with pytest.raises(ValueError, match="the text to replace"):
            mutant.planted(source)


def test_no_two_requirements_say_the_same_or_plant_the_same_defect() -> None:
    rules = [one.rule for one in data.requirements().values()]
    assert len(rules) == len(set(rules))
    planted = [(one.mutant.file, one.mutant.text, one.mutant.becomes) for one in data.active()]
    assert len(planted) == len(set(planted))


def test_there_are_at_least_80_requirements_and_some_of_each_of_the_domains_rules() -> None:
    assert len(data.active()) >= 80
    named = [source for one in data.active() for source in one.source]
    assert [rule for rule in data.rules() if rule not in named] == []


def test_every_hazard_has_its_severity_and_a_requirement_against_it() -> None:
    words = [severity.name for severity in data.severities()]
    met = {hazard for one in data.active() for hazard in one.hazards}
    assert len({hazard.id for hazard in data.hazards()}) == len(data.hazards())
    for hazard in data.hazards():
        assert hazard.severity in words
        assert hazard.id in met


def test_every_requirement_is_named_by_a_test_and_no_test_names_another() -> None:
    named = naming.named()
    assert [one for one in named if one not in data.requirements()] == []
    assert [one.id for one in data.active() if one.id not in named] == []


def test_what_is_read_from_the_sources_is_what_pytest_collects(
    request: pytest.FixtureRequest,
) -> None:
    read: dict[str, set[str]] = {}
    for one, tests in naming.named().items():
        for test in tests:
            read.setdefault(test.node, set()).add(one)
    for item in request.session.items:
        collected = {one for mark in item.iter_markers(naming.MARK) for one in mark.args}
        node = item.nodeid.split("[")[0]
        assert read.get(node, set()) == collected, node

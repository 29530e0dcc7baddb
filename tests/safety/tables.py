"""The tables of `docs/safety/README.md`, out of the data and the tests that name it."""

from collections.abc import Callable, Iterable, Sequence

from tests.safety import data, naming
from tests.safety.data import Area, Requirement
from tests.safety.naming import Test

_UP = "../../"  # from the page to the root


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of the page."""
    lines = [" | ".join(head), "|".join("---" for _ in head)]
    lines += [" | ".join(cell.replace("|", "\\|") for cell in row) for row in rows]
    return "".join(f"| {line} |\n" if "---" not in line else f"|{line}|\n" for line in lines)


def severities() -> str:
    """The words for severity."""
    return table(("word", "what it means"), [(one.name, one.meaning) for one in data.severities()])


def rules() -> str:
    """The rules that most requirements come from, and the requirements that come from each."""
    rows = [
        (name, text, short(one.id for one in data.requirements().values() if name in one.source))
        for name, text in data.rules().items()
    ]
    return table(("rule", "what it asks for", "requirements"), rows)


def hazards() -> str:
    """The hazards, and the requirements against each."""
    rows = [
        (
            one.id,
            one.hazard,
            one.cause,
            one.harm,
            one.severity,
            one.mitigation,
            short(row.id for row in data.requirements().values() if one.id in row.hazards),
        )
        for one in data.hazards()
    ]
    head = ("id", "hazard", "causes", "harm", "severity", "what the gun does", "requirements")
    return table(head, rows)


def requirements() -> str:
    """The matrix, area by area."""
    return "\n".join(f"### {area.title}\n\n{_area(area)}" for area in data.areas())


def short(ids: Iterable[str]) -> str:
    """Ids with what they begin with said once: SR-001, 002."""
    found = list(ids)
    return ", ".join(found[:1] + [one.split("-")[1] for one in found[1:]])


def _area(area: Area) -> str:
    head = ("id", "rule", "source", "against", "verified by", "seeded defect")
    return table(head, [_row(one) for one in area.requirements])


def _row(one: Requirement) -> Sequence[str]:
    planned = one.status == data.PLANNED
    defect = f"{one.mutant.defect} (`{one.mutant.file}`)" if one.mutant else ""
    return (
        one.id,
        one.rule + (" *Planned.*" if planned else ""),
        "; ".join(one.source),
        short(one.hazards),
        "<br>".join("• " + _link(test) for test in naming.named().get(one.id, [])),
        defect,
    )


def _link(test: Test) -> str:
    words = test.name.removeprefix("test_").replace("_", " ")
    return f"[{words}]({_UP}{test.file})"


BLOCKS: dict[str, Callable[[], str]] = {
    "severities": severities,
    "rules": rules,
    "hazards": hazards,
    "safety requirements": requirements,
}

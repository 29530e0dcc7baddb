"""What the doctor says, line by line, for people."""

from collections.abc import Iterator, Sequence

from mesohost.doctor import model
from mesohost.doctor.model import Cause, Course, Line

_MARKS = {model.OK: "ok", model.FAILED: "FAILED", model.NOT_DONE: "not done"}
_WIDTH = max(map(len, _MARKS.values()))
_SHOWN = 3


def line(one: Line) -> Iterator[str]:
    """A check as it went. What was left out is told at the end, all of it together."""
    if one.verdict == model.NOT_DONE:
        return
    yield f"{_MARKS[one.verdict]:<{_WIDTH}}  {one.title}: {one.seen}"
    if one.verdict == model.FAILED:
        yield f"{'':<{_WIDTH}}  allowed: {one.allowed}"
        yield from causes(one.causes, " " * (_WIDTH + 2))


def causes(likely: Sequence[Cause], indent: str) -> Iterator[str]:
    """The likeliest causes of something, each with what mends it."""
    for number, cause in enumerate(likely[:_SHOWN]):
        yield f"{indent}{'likeliest' if number == 0 else 'or'}: {cause.what}"
        yield f"{indent}    to do: {cause.do}"


def end(course: Course) -> Iterator[str]:
    """What was left out, and how it went."""
    left: dict[str, list[str]] = {}
    for one in course.lines:
        if one.verdict == model.NOT_DONE:
            left.setdefault(one.seen, []).append(one.title)
    for why, titles in left.items():
        yield f"{_MARKS[model.NOT_DONE]:<{_WIDTH}}  {', '.join(titles)}: {why}"
    counts = dict.fromkeys(_MARKS, 0)
    for one in course.lines:
        counts[one.verdict] += 1
    yield ", ".join(f"{count} {verdict}" for verdict, count in counts.items())

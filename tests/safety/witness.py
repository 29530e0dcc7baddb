"""A pytest plugin: tests name requirements, and every requirement needs a test that passed.

A test that names a requirement that is not there fails. After a full run, one
requirement without a passing test fails it; after a run of some tests nothing is said.
"""

from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

import pytest

from tests.safety import naming


class Witness:
    """Knows which tests name which requirements, and which of those have passed.

    `wanted` are the requirements that need a passing test, `known` all that a test may name.
    """

    def __init__(self, config: pytest.Config, wanted: Collection[str], known: Collection[str]):
        self._config = config
        self._wanted = wanted
        self._known = known
        self._passed: set[str] = set()
        self._told = ""

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Turn tables into marks."""
        for item in items:
            table = getattr(getattr(item, "module", None), naming.TABLE, {})
            ids = table.get(getattr(item, "originalname", item.name), ())
            if ids:
                item.add_marker(getattr(pytest.mark, naming.MARK)(*ids))
            named = tuple(one for mark in item.iter_markers(naming.MARK) for one in mark.args)
            # Goes with the test's report, also from one process to another.
            item.user_properties.append((naming.MARK, list(named)))

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Fail the test that names a requirement which is not there."""
        unknown = [one for one in _named(item.user_properties) if one not in self._known]
        if unknown:
            pytest.fail(f"{item.nodeid}: no requirement {', '.join(unknown)}", pytrace=False)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A test that passed verifies what it names."""
        if report.when == "call" and report.passed and not hasattr(report, "wasxfail"):
            self._passed.update(_named(report.user_properties))

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """After a full run, fail where a requirement has no passing test."""
        if hasattr(self._config, "workerinput"):
            return  # Of several processes, the one that hears all reports judges.
        if not _full(self._config) or session.shouldstop or session.shouldfail:
            return
        if session.exitstatus not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
            return
        missing = [one for one in self._wanted if one not in self._passed]
        if missing:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED
            self._told = f"safety requirements without a passing test: {', '.join(missing)}"
        else:
            self._told = f"{len(self._wanted)} safety requirements, each with a passing test"

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say what came of it."""
        if self._told:
            terminalreporter.write_line(self._told)


def _named(properties: Iterable[tuple[str, object]]) -> Iterator[str]:
    """The requirements among a test's properties."""
    for name, ids in properties:
        if name == naming.MARK and isinstance(ids, list):
            yield from ids


def _full(config: pytest.Config) -> bool:
    """Whether all tests were asked for."""
    option = config.option
    narrowed = (option.keyword, option.markexpr, option.deselect, option.ignore, option.ignore_glob)
    if any(narrowed) or option.collectonly:
        return False
    if config.args_source == pytest.Config.ArgsSource.TESTPATHS:
        return True
    folders = {config.rootpath, *(config.rootpath / path for path in config.getini("testpaths"))}
    asked = {(config.invocation_params.dir / Path(argument)).resolve() for argument in config.args}
    return bool(asked & folders)

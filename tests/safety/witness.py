"""A pytest plugin: tests name requirements, and every requirement needs a test that passed.

A test that names a requirement that is not there ends the run at once. After a full run, one
requirement without a passing test fails it; after a run of some tests nothing is said.
"""

from collections.abc import Collection
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
        self._names: dict[str, tuple[str, ...]] = {}
        self._passed: set[str] = set()
        self._told = ""

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Turn tables into marks; raises UsageError for a requirement that is not there."""
        for item in items:
            table = getattr(getattr(item, "module", None), naming.TABLE, {})
            ids = table.get(getattr(item, "originalname", item.name), ())
            if ids:
                item.add_marker(getattr(pytest.mark, naming.MARK)(*ids))
            named = tuple(one for mark in item.iter_markers(naming.MARK) for one in mark.args)
            unknown = [one for one in named if one not in self._known]
            if unknown:
                raise pytest.UsageError(f"{item.nodeid}: no requirement {', '.join(unknown)}")
            self._names[item.nodeid] = named

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A test that passed verifies what it names."""
        if report.when == "call" and report.passed and not hasattr(report, "wasxfail"):
            self._passed.update(self._names.get(report.nodeid, ()))

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """After a full run, fail where a requirement has no passing test."""
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

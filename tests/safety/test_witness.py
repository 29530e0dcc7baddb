"""A run of all tests fails where a requirement has none that passed; a run of some says nothing."""

import textwrap

import pytest

pytest_plugins = "pytester"

CONFTEST = """
    from tests.safety.witness import Witness

    def pytest_configure(config):
        witness = Witness(config, ["SR-001", "SR-002"], ["SR-001", "SR-002", "SR-003"])
        config.pluginmanager.register(witness)
"""
INI = """
    [pytest]
    testpaths = .
    addopts = --strict-markers -p no:cacheprovider
    markers = requirement(id, ...)
"""
GOOD = """
    import pytest

    VERIFIES = {"test_two": ("SR-002",)}

    @pytest.mark.requirement("SR-001", "SR-003")
    def test_one():
        pass

    def test_two():
        pass
"""
ALL = "*2 safety requirements, each with a passing test*"
MISSING = "*safety requirements without a passing test: SR-002*"


def run(pytester: pytest.Pytester, tests: str, *arguments: str) -> pytest.RunResult:
    """A run of pytest over these tests alone."""
    pytester.makeconftest(textwrap.dedent(CONFTEST))
    pytester.makeini(textwrap.dedent(INI))
    pytester.makepyfile(test_some=textwrap.dedent(tests))
    return pytester.runpytest_inprocess(*arguments)


def test_marks_and_tables_name_alike(pytester: pytest.Pytester) -> None:
    result = run(pytester, GOOD)
    assert result.ret == pytest.ExitCode.OK
    result.stdout.fnmatch_lines([ALL])


def test_all_may_be_asked_for_by_its_folder(pytester: pytest.Pytester) -> None:
    run(pytester, GOOD, ".").stdout.fnmatch_lines([ALL])


@pytest.mark.parametrize(
    "instead",
    [
        "    pytest.skip()",
        "    pytest.xfail()",
        "    pass\n\nVERIFIES.clear()",
    ],
)
def test_a_requirement_without_a_passing_test_fails_the_run(
    pytester: pytest.Pytester, instead: str
) -> None:
    tests = textwrap.dedent(GOOD).rsplit("    pass", 1)[0] + instead + "\n"
    result = run(pytester, tests)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines([MISSING])


@pytest.mark.parametrize(
    "arguments", [["-k", "one"], ["test_some.py::test_one"], ["--collect-only"]]
)
def test_a_run_of_some_tests_says_nothing_of_the_others(
    pytester: pytest.Pytester, arguments: list[str]
) -> None:
    result = run(pytester, GOOD, *arguments)
    assert result.ret == pytest.ExitCode.OK
    result.stdout.no_fnmatch_line("*safety requirements*")


def test_a_run_that_stops_at_its_first_failure_says_nothing(pytester: pytest.Pytester) -> None:
    result = run(pytester, GOOD.replace("pass", "assert False", 1), "-x")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.no_fnmatch_line("*safety requirements*")


@pytest.mark.parametrize("arguments", [[], ["-n", "2"]])
def test_a_test_that_names_what_is_no_requirement_fails(
    pytester: pytest.Pytester, arguments: list[str]
) -> None:
    result = run(pytester, GOOD.replace("SR-003", "SR-004"), *arguments)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["*test_some.py::test_one: no requirement SR-004*"])


def test_several_processes_witness_together(pytester: pytest.Pytester) -> None:
    run(pytester, GOOD, "-n", "2").stdout.fnmatch_lines([ALL])
    bad = GOOD.rsplit("    pass", 1)[0] + "    assert False\n"
    run(pytester, bad, "-n", "2").stdout.fnmatch_lines([MISSING])

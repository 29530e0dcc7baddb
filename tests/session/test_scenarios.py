"""Every scenario file goes as it says, on every layer; and `mesogun scenario run` says so for
CI."""

from xml.etree import ElementTree

import pytest

from mesohost.cli.scenario import play
from mesohost.cli.virtual import program_text
from mesosim.scenario import ScenarioError, read_scenario
from mesosim.verbs import VERBS, read_step
from tests import needs
from tests.session.layers import LAYERS, ROOT, mesogun

FILES = sorted((ROOT / "tests" / "scenarios").glob("*.toml"))


@pytest.mark.parametrize("layer", LAYERS)
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_scenario(path, layer):
    if layer == "micropython":
        needs.micropython()
    scenario = read_scenario(path)
    assert play(scenario, program_text(scenario), layer).failure == ""


def test_every_verb_is_used_by_a_scenario_or_the_served_session():
    faults = sorted((ROOT / "tests" / "scenarios" / "faults").glob("*.toml"))
    acts = {read_step(step)[0] for path in FILES + faults for step in read_scenario(path).steps}
    unused = {pattern for pattern, act in VERBS if act not in acts}
    # `await program` is what a served gun does where a host loads: test_served runs it.
    assert unused <= {"await program"}


def test_a_failing_scenario_is_told_with_its_step_and_as_junit(tmp_path):
    wrong = tmp_path / "wrong.toml"
    wrong.write_text('steps = ["until idle", "expect shots 3"]\n')
    junit = tmp_path / "junit.xml"
    ended = mesogun("scenario", "run", FILES[0], wrong, "--firmware", "cpython", "--junit", junit)
    assert ended.returncode == 8
    assert "steps[2] 'expect shots 3': expected shots 3, but it is 0" in ended.stdout
    assert ended.stdout.endswith("1 passed, 1 failed\n")
    suite = ElementTree.parse(junit).getroot()
    assert suite.attrib["tests"] == "2"
    assert suite.attrib["failures"] == "1"
    assert [case.find("failure") is not None for case in suite] == [False, True]


FAULTY = {
    "not TOML": ("steps = [", "cannot be read"),
    "no steps": ('title = "x"', "steps: there are none"),
    "an unknown key": ('speed = 3\nsteps = ["until idle"]', "unknown key 'speed'"),
    "a wrong type": ('seed = "x"\nsteps = ["until idle"]', "seed: must be int"),
    "a time that no step keeps": (
        'detect = "5 ms"\nsteps = ["expect trouble estop within 5 s"]',
        "no step says: within 5 ms",
    ),
    "no such step": ('steps = ["until idle", "jump"]', "steps[2]: no such step: 'jump'"),
    "a step that is no text": ("steps = [5]", "steps[1]: no such step: 5"),
}


@pytest.mark.parametrize("name", FAULTY)
def test_a_faulty_scenario_file_is_refused_before_anything_runs(name, tmp_path):
    text, told = FAULTY[name]
    path = tmp_path / "scenario.toml"
    path.write_text(text)
    with pytest.raises(ScenarioError) as error:
        read_scenario(path)
    assert told in str(error.value)
    assert str(path) in str(error.value)
    ended = mesogun("scenario", "run", FILES[0], path)
    assert ended.returncode == 1
    assert ended.stdout == ""
    assert told in ended.stderr

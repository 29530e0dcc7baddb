"""The command line at a virtual gun on a port: a session is typed, stored and shown."""

import socketserver
import threading

import pytest
from click.testing import CliRunner

from mesofw.core.machine import CARRIAGE
from mesohost import cli
from mesohost.calibration import depth_session, kinds, record
from mesohost.cli import calibration
from mesohost.cli.exits import Exit
from mesosim.hands import Hands
from mesosim.link import Clear
from mesosim.serve import Server, Tcp
from tests.host.calibration.at_bench import Bench
from tests.host.calibration.test_terminal import Serving

# A pass of the server lets so much time pass: with a wait of 1 ms in it, no host is too slow for
# the gun's ten minutes.
PASS_US = 50_000


class Served(Bench):
    """A gun on a port whose time goes on by itself; somebody presses at what it asks."""

    def __init__(self, folder, seed):
        super().__init__(folder, seed)
        self.body = Tcp(0)
        self._server = Server(self.world, self.body, 0, Clear(), Clear())
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _serve(self):
        while not self._ended.is_set():
            self._server.serve(0.001)
            if "Turn: refuse" in self.world.plant.screen:
                Hands(self.world).click()
            self.world.run_for(PASS_US)

    def close(self):
        self._ended.set()
        self._thread.join()
        self._server.close()


@pytest.fixture
def served(tmp_path, monkeypatch):
    served = Served(tmp_path, 2)
    monkeypatch.setenv("MESOGUN_PORT", served.body.name)
    monkeypatch.setenv("MESOGUN_KEY", str(served.key))
    yield served
    served.close()


def readings(truth):
    """What somebody reads off a good indicator, place by place."""
    places_um = [*depth_session._PLACES_UM, *[depth_session._HOMED_UM] * depth_session._HOMINGS]
    scale = truth.carriage_step_um * 1000 / CARRIAGE.step_nm
    return [f"{um * scale - truth.foot_um + truth.switch_um:.0f}" for um in places_um]


def typed(served, *lines):
    """`mesogun calibration run depth` with typed answers."""
    called = ["calibration", "run", "depth", "--folder", str(served.folder)]
    text = "".join(f"{line}\n" for line in lines)
    return CliRunner().invoke(cli.group, called, text, standalone_mode=False)


def test_a_session_is_typed_stored_and_shown(served, capsys):
    # The instrument and the operator; ready; each reading; keep it.
    answers = ["D7", "OP2", "y", *readings(served.world.truth), "y"]
    # The computer is switched off in the middle of it, and on again.
    broken = typed(served, *answers[:8])
    assert not list(record.held(served.folder))
    assert "Going to a place" in broken.output
    assert "the same command goes on where it was" in broken.output
    done = typed(served, "y", *answers[8:])
    assert done.return_value == Exit.FINE
    assert "goes on where it was" in done.output
    assert "press the knob to allow it" in done.output
    assert "mesogun calibration store" in done.output
    (path,) = record.held(served.folder)
    held = record.read(path)
    assert held.accepted
    assert held.board == served.board
    # The board's id is read off it, not typed.
    assert f"the gun's board id: {served.board}" in broken.output

    folder = ["--folder", str(served.folder)]
    port = ["--port", served.body.name]
    assert cli.run(["calibration", "show", *port, *folder]) == Exit.FAULTS
    assert "differs" in capsys.readouterr().out
    assert cli.run(["calibration", "store", *folder]) == Exit.FINE
    assert "shoots by calibration" in capsys.readouterr().out
    assert cli.run(["calibration", "show", *port, *folder]) == Exit.FINE
    assert "differs" not in capsys.readouterr().out


def test_every_kind_can_be_run():
    assert list(calibration.KINDS) == list(kinds.KINDS)


def test_a_balance_on_a_port_says_its_own_number(served):
    with socketserver.TCPServer(("127.0.0.1", 0), Serving) as server:
        threading.Thread(target=server.handle_request, daemon=True).start()
        called = ["calibration", "run", "volume", "--folder", str(served.folder)]
        called += ["--balance", f"socket://127.0.0.1:{server.server_address[1]}"]
        said = CliRunner().invoke(cli.group, called, "1 mL\nL42\n\n\n").output
    assert "the balance, by its serial number: B021002593" in said


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (["run", "depth", "--balance", "COM3"], "weighs nothing"),
        (["run", "height"], "height"),
        (["run", "depth"], "--key"),
        (["store"], "--key"),
        (["show", "some.json", "--port", "COM3"], "--port takes no FILE"),
    ],
)
def test_a_wrong_call_is_told_before_a_gun_is_asked(line, said, tmp_path, monkeypatch, capsys):
    monkeypatch.delenv("MESOGUN_KEY", raising=False)
    key = ["--key", str(tmp_path / "gun.key")] if "--balance" in line else []
    assert cli.run(["calibration", *line, *key]) == Exit.USAGE
    assert said in capsys.readouterr().err

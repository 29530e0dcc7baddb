"""Guided sessions in the terminal, with a virtual gun: typed answers in, a calibration file out."""

import json
import re
import socketserver
import threading
import time

import pytest
from click.testing import CliRunner

from mesohost.calibration import record
from mesohost.calibration.serialport import BalanceSerialPort
from mesohost.cli import group, run
from mesohost.cli.asking import TypedScale
from mesohost.troubles import PortTrouble
from mesosim.balance import VirtualBalance

# board, syringe, lot, needle, balance, its uncertainty, vessel, operator: return takes what is
# offered.
WHO = ["", "1 mL", "L42", "", "", "", "", "OP2"]
ROOM = [""] * 4
VOLUME = [*WHO, *ROOM, "y", *ROOM, "y", "y", "y"]


def practise(folder, kind, *answers):
    """One call of the command with typed answers."""
    called = ["calibration", "practise", kind, "--seed", "9", "--folder", str(folder)]
    return CliRunner().invoke(group, called, "".join(f"{line}\n" for line in answers))


def files(folder):
    return list(record.held(folder))


def test_a_volume_session_is_typed_through(tmp_path):
    done = practise(tmp_path, "volume", *VOLUME)
    (path,) = files(tmp_path)
    held = record.read(path)
    assert held.accepted
    assert (held.board, held.of, held.operator) == ("virtual-9", "1 mL", "OP2")
    assert "syringe_1_ppm" in held.fields
    assert f"written: {path}" in done.output
    # The session is over: the next call begins anew.
    assert not list(tmp_path.glob("*.session"))


def test_wrong_answers_are_asked_again(tmp_path):
    wrong = [*WHO[:1], "2 mL", *WHO[1:], "warm", *ROOM, "n", *VOLUME[12:]]
    done = practise(tmp_path, "volume", *wrong)
    assert len(files(tmp_path)) == 1
    assert "syringe: one of 1 mL, 3 mL" in done.output
    assert "water: a number from 5 to 40 °C" in done.output
    assert "has to be confirmed" in done.output


def test_a_session_that_was_broken_off_goes_on(tmp_path):
    # The answers end after the strokes, as if the terminal had been closed.
    practise(tmp_path, "volume", *VOLUME[:13])
    assert not files(tmp_path)
    (session,) = tmp_path.glob("*.session")
    strokes = [name for name in json.loads(session.read_text())["answers"] if "stroke" in name]
    assert len(strokes) == 52
    done = practise(tmp_path, "volume", "y", *VOLUME[13:])
    assert "Weighing" not in done.output
    (path,) = files(tmp_path)
    held = record.read(path)
    assert held.accepted
    assert held.mishaps[0].why == "the session was broken off"


def test_a_result_that_nobody_keeps_is_filed_as_not_accepted(tmp_path):
    done = practise(tmp_path, "volume", *VOLUME[:-1], "n")
    (path,) = files(tmp_path)
    assert not record.read(path).accepted
    assert "written" in done.output


@pytest.mark.parametrize(
    ("kind", "answers"),
    # board, instrument, operator; ready; what the instrument offers; keep it.
    [("depth", ["", "", "OP2", "y", *[""] * 16, "y"]), ("motor", ["", "", "OP2", "y", "", "", "y"]),
     # board, syringe, block, its length, operator; each seating; keep it.
     ("empty", [*[""] * 4, "OP2", *["y"] * 5, "y"])],
)  # fmt: skip
def test_the_other_sessions_are_typed_through(tmp_path, kind, answers):
    practise(tmp_path, kind, *answers)
    (path,) = files(tmp_path)
    held = record.read(path)
    assert (held.kind, held.accepted) == (kind, True)


def test_a_balance_without_a_cable_is_typed(monkeypatch):
    typed = iter(["", "30,1", "30.1234"])
    monkeypatch.setattr("click.termui.visible_prompt_func", lambda _: next(typed))
    reading = TypedScale(lambda: 7.0).weigh()
    assert (reading.mass_mg, reading.stable, reading.at_s) == (pytest.approx(30_123.4), True, 7.0)


def test_a_balance_port_passes_bytes_and_ends():
    port = BalanceSerialPort("loop://")
    port.write(b"SI\r\n")
    assert port.read(1.0) == b"SI\r\n"
    assert port.read(0.0) == b""
    port.close()
    with pytest.raises(PortTrouble):
        port.write(b"SI\r\n")


def test_a_balance_on_a_port_says_who_it_is_and_what_it_shows(capsys):
    with socketserver.TCPServer(("127.0.0.1", 0), Serving) as server:
        threading.Thread(target=server.handle_request, daemon=True).start()
        port = f"socket://127.0.0.1:{server.server_address[1]}"
        assert run(["calibration", "balance", port]) == 0
    assert re.fullmatch(r"balance B021002593: (29\.99|30\.00)\d\d g\n", capsys.readouterr().out)


class Serving(socketserver.BaseRequestHandler):
    """A virtual balance behind a serial port server, in real time."""

    def handle(self):
        load = iter([0.0])
        balance = VirtualBalance(1, lambda _: next(load, 30_000.0))
        began_s = time.monotonic()
        while data := self.request.recv(100):
            balance.write(data, time.monotonic() - began_s)
            self.request.sendall(balance.read(time.monotonic() - began_s + 1.0))


def test_a_port_that_is_not_there_is_told():
    with pytest.raises(PortTrouble):
        BalanceSerialPort("/dev/nothing-is-there")

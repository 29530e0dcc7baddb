"""What a host makes of silence, noise, other boards, other releases and other sessions."""

import json
from itertools import cycle, repeat
from typing import Any

import pytest
from benches import LinkPort, ScriptedPort

from mesofw.core import errors, wire
from mesohost.exchange import WAITS_S, Exchange
from mesohost.gun import Gun
from mesohost.troubles import GunRefused, NoAnswer, ProtocolMismatch

HELLO = {
    "protocol": 1, "firmware": "0.1.0", "build": "00", "board": "b1", "boot": 1, "calibration": 1,
    "commissioned": 1, "hardware_verified": False, "at_ms": 5, "first": 1, "last": 0,
}  # fmt: skip


def test_a_silent_port_is_told_with_the_likeliest_cause_first():
    port = ScriptedPort(repeat(b""))
    with pytest.raises(NoAnswer, match="no gun answers") as silent:
        Gun(port).hello()
    assert "gun is on" in silent.value.remedies[0]
    lines = [line for line in port.written.split(b"\n") if line]
    assert len(lines) == len(WAITS_S)
    assert len(set(lines)) == 1


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        (b"$GPGGA,092750.000,5321.6802,N*76\r\n", "GPGGA"),
        (b"\x00\xff\x80\x00" * 500, "no gun"),
        (b'{"half": 1', "half"),
        (b"x" * 70_000, "xxx"),
    ],
)
def test_a_port_that_never_stops_is_given_up(sent: bytes, told: str):
    with pytest.raises(NoAnswer, match="something answers on the port, but no gun") as noisy:
        Gun(ScriptedPort(cycle([sent]))).hello()
    assert told in noisy.value.what


def test_micropython_without_the_firmware_is_recognised():
    prompt = b'>>> {"s":"x"}\r\nTraceback (most recent call last):\r\nSyntaxError\r\n>>> '
    with pytest.raises(NoAnswer, match="MicroPython's prompt"):
        Gun(ScriptedPort(cycle([prompt, b""]))).hello()


def test_an_echo_is_no_gun():
    class Echo(ScriptedPort):
        def read(self, timeout_s: float) -> bytes:  # noqa: ARG002
            out, self.written = self.written, b""
            return out

    with pytest.raises(NoAnswer, match="something answers"):
        Gun(Echo(repeat(b""))).hello()


def test_noise_and_tracebacks_between_messages_are_passed_over():
    port = LinkPort(lambda _name, _arguments: dict(HELLO))
    reading = port.read

    def noisy(timeout_s: float) -> bytes:
        answer = reading(timeout_s)
        noise = b"Traceback:\n  File x\n" + b"y" * 600 + b'\n{"s":"zz","i":1,"ok":{}}*00000000\n'
        return noise + answer if answer else b""

    port.read = noisy
    assert Gun(port).hello().board == "b1"


def test_another_release_is_named_with_the_command_that_mends_it():
    def handle(_name: str, arguments: dict[str, Any]) -> dict[str, Any]:
        if arguments["protocol"] != 2:
            raise errors.refuse(errors.PROTOCOL_VERSION, "a.protocol", "1", "2")
        return HELLO | {"protocol": 2, "firmware": "0.7.1"}

    with pytest.raises(ProtocolMismatch, match=r"release 0\.7\.1 speaks protocol 2") as other:
        Gun(LinkPort(handle)).hello()
    assert other.value.remedies == (
        'use the tool of the gun\'s release: pip install "mesogun==0.7.1"',
    )


def test_a_release_that_says_nothing_of_itself_is_mended_by_the_newest_tool():
    def handle(_name: str, _arguments: dict[str, Any]) -> dict[str, Any]:
        raise errors.refuse(errors.PROTOCOL_VERSION, "a.protocol", "1", "9")

    with pytest.raises(ProtocolMismatch) as other:
        Gun(LinkPort(handle)).hello()
    assert "pip install -U mesogun" in other.value.remedies[0]


def test_an_answer_of_another_shape_is_a_mismatch_too():
    short = {key: HELLO[key] for key in ("protocol", "firmware")}
    with pytest.raises(ProtocolMismatch, match="build"):
        Gun(LinkPort(lambda _name, _arguments: dict(short))).hello()


def test_a_restarted_gun_is_greeted_again():
    asked: list[str] = []

    def handle(name: str, _arguments: dict[str, Any]) -> dict[str, Any]:
        asked.append(name)
        return dict(HELLO)

    port = LinkPort(handle)
    exchange = Exchange(port)
    exchange.ask("status")
    port.restart(handle)
    exchange.ask("status")
    assert asked == ["hello", "status", "hello", "status"]


def test_a_session_that_is_always_taken_away_ends():
    port = LinkPort(lambda _name, _arguments: dict(HELLO))
    exchange = Exchange(port, "mine")
    writing = port.write

    def stolen(data: bytes) -> None:
        hello = {"s": "theirs", "i": 1, "c": 0, "r": "hello", "a": {}}
        # Another host says hello before each of our requests but our own hellos.
        writing(data if b'"hello"' in data else wire.encode(hello) + data)

    port.write = stolen
    with pytest.raises(NoAnswer, match="another session"):
        exchange.ask("status")


def test_a_lost_reply_does_nothing_twice():
    done: list[str] = []

    def handle(name: str, _arguments: dict[str, Any]) -> dict[str, Any]:
        done.append(name)
        return dict(HELLO)

    port = LinkPort(handle)
    reading, lost = port.read, []

    def loses_first(timeout_s: float) -> bytes:
        answer = reading(timeout_s)
        if answer and b'"i":2' in answer and not lost:
            lost.append(answer)
            return b""
        return answer

    port.read = loses_first
    exchange = Exchange(port)
    exchange.ask("pause")
    assert lost
    assert done == ["hello", "pause"]


def test_a_refusal_carries_everything_that_the_gun_says():
    def handle(name: str, _arguments: dict[str, Any]) -> dict[str, Any]:
        if name == "hello":
            return dict(HELLO)
        raise errors.refuse(errors.NOT_NOW, "a.x", "shooting", "idle")

    with pytest.raises(GunRefused) as refused:
        Gun(LinkPort(handle)).status()
    trouble = refused.value
    assert (trouble.request, trouble.code, trouble.name) == ("status", errors.NOT_NOW, "not_now")
    assert (trouble.at, trouble.found, trouble.allowed) == ("a.x", "shooting", "idle")
    assert trouble.cause == errors.cause(errors.NOT_NOW)
    assert str(trouble).splitlines()[-1] == "    to do: " + errors.remedy(errors.NOT_NOW)


def test_requests_are_lines_of_the_wire():
    port = ScriptedPort(repeat(b""))
    with pytest.raises(NoAnswer):
        Exchange(port, "n0nce").open()
    line = port.written.split(b"\n")[1]
    assert wire.decode(line) == {
        "s": "n0nce", "i": 1, "c": 4 * wire.LINE_MAX, "r": "hello", "a": {"protocol": 1},
    }  # fmt: skip
    assert json.loads(line[:-9])

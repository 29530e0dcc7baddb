"""The doctor at ports: on which side of the link the fault is."""

import importlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from benches import LinkPort, ScriptedPort, gun_of, idle_world
from patients import Engineer, case_of, examined, first_failed

from mesofw.core import errors, wire
from mesohost import udev
from mesohost.doctor import link_checks, model, port_checks, run, table
from mesohost.doctor.case import Case
from mesohost.doctor.model import FAILED, NOT_DONE
from mesohost.port import Port, open_port
from mesohost.troubles import PortTrouble


def likeliest(sign: str, platform: str) -> model.Cause:
    return model.ranked(port_checks.causes(platform), sign)[0]


@pytest.mark.parametrize(
    ("what", "platform", "cause", "do"),
    [
        ("/dev/ttyACM0: permission denied", "linux", "you may not use serial ports", udev.RULE),
        ("/dev/ttyACM0: the port is in use by another program", "linux", "another program has",
         "close it"),
        ("COM3: the port is in use by another program", "win32", "another program", "close it"),
        ("no gun is plugged in; serial ports seen: none", "linux", "the gun is off", "carries"),
        ("no gun is plugged in; serial ports seen: none", "win32", "Windows has given the gun no "
         "driver", "usbser.sys"),
        ("/dev/tty.usb: the port is in use by another program", "darwin", "the port's name",
         "/dev/cu.usbmodem"),
        ("there is more than one gun:", "linux", "more than one", "mesogun devices"),
        ("socket://x:1: nothing listens there", "linux", "no virtual gun", "mesogun sim"),
    ],
)  # fmt: skip
def test_a_port_that_cannot_be_used_names_its_cause_on_each_platform(
    what: str, platform: str, cause: str, do: str
):
    sign = port_checks.sign_of(what, boot_loader=False, modem_manager=False)
    told = likeliest(sign, platform)
    assert told.what.startswith(cause)
    assert do in told.do


def test_modem_manager_is_named_where_it_runs_and_the_port_is_held(tmp_path: Path):
    for number, name in ((7, "init"), (42, "ModemManager")):
        (tmp_path / str(number)).mkdir()
        (tmp_path / str(number) / "comm").write_text(f"{name}\n")
    assert udev.modem_manager_runs(tmp_path)
    (tmp_path / "42" / "comm").write_text("bash\n")
    assert not udev.modem_manager_runs(tmp_path)
    sign = port_checks.sign_of("the port is in use by another program", modem_manager=True)
    told = likeliest(sign, "linux")
    assert told.what.startswith("ModemManager runs here")
    assert udev.RULE in told.do


def test_a_board_in_its_boot_loader_is_told_to_be_flashed():
    sign = port_checks.sign_of("no gun is plugged in; serial ports seen: none", boot_loader=True)
    for platform in ("linux", "win32", "darwin"):
        assert likeliest(sign, platform).do.endswith("mesogun flash --uf2 FILE")


def test_the_udev_rule_is_of_the_guns_usb_port_and_keeps_modem_software_off():
    devices = importlib.import_module("mesohost.devices")
    ((vendor, product),) = devices.GUN_IDS
    assert f'ATTRS{{idVendor}}=="{vendor:04x}", ATTRS{{idProduct}}=="{product:04x}"' in udev.RULE
    assert 'ENV{ID_MM_DEVICE_IGNORE}="1"' in udev.RULE
    assert udev.RULE_FILE in udev.HOW


def test_a_port_that_is_not_there_ends_it(tmp_path: Path):
    world = idle_world()
    name = str(tmp_path / "ttyNone")
    course = run.examine(
        Case(lambda: open_port(name), Engineer(world)), table.CHECKS, lambda _line: None
    )
    first, *others = course.lines
    assert (first.id, first.verdict) == ("port", FAILED)
    assert name in first.seen
    assert {line.verdict for line in others} == {NOT_DONE}
    assert {line.seen for line in others} == {f"port failed: {first.ends}"}


def heard(port: Port) -> model.Line:
    """What is told of a port on which no gun answers."""
    course = examined(case_of(idle_world(), port=port))
    failed = first_failed(course)
    assert failed.id == "answers"
    rest = course.lines[course.lines.index(failed) + 1 :]
    assert {line.seen for line in rest} == {f"who answers failed: {failed.ends}"}
    return failed


def always(data: bytes) -> Iterator[bytes]:
    """Each time something was sent, this comes back."""
    while True:
        yield data
        yield b""


def test_a_silent_port_is_the_guns_side():
    told = heard(ScriptedPort(iter(())))
    assert "not a byte comes" in told.causes[0].what
    assert "mesogun flash --at-start" in told.causes[0].do


def test_a_prompt_is_a_board_without_running_firmware():
    told = heard(ScriptedPort(always(b"MicroPython v1.28.0 on 2026-01-01; Pico\r\n>>> ")))
    assert told.causes[0].what.startswith("MicroPython answers")
    assert told.causes[0].do.endswith("mesogun flash")


def test_damaged_lines_of_a_gun_are_the_line():
    line = wire.encode({"s": "a1b2c3d4", "i": 1, "ok": {"protocol": 1}})
    told = heard(ScriptedPort(always(line.replace(b"protocol", b"protxcol"))))
    assert told.causes[0].what.startswith("the gun's side: lines arrive damaged")


def test_whole_lines_that_answer_nothing_are_the_computers_side():
    line = wire.encode({"s": "other", "i": 1, "ok": {"protocol": 1}})
    told = heard(ScriptedPort(always(line)))
    assert told.causes[0].what.startswith("the computer's side")


def test_something_else_is_told_with_what_it_says():
    told = heard(ScriptedPort(always(b"$GPGGA,120000,,,,,0,00,,,M,,M,,*66\r\n")))
    assert "GPGGA" in told.seen
    assert told.causes[0].what.startswith("something else than a gun")


class Echo(ScriptedPort):
    """A looped line."""

    def __init__(self) -> None:
        super().__init__(iter(()))

    def read(self, timeout_s: float) -> bytes:  # noqa: ARG002
        data, self.written = self.written, b""
        return data


def test_an_echo_is_told_as_one():
    assert heard(Echo()).causes[0].what.startswith("what is sent comes back")


def test_a_gun_of_another_protocol_is_told_as_of_another_release():
    def handle(_name: str, arguments: dict[str, int]) -> dict[str, object]:
        if arguments["protocol"] != 7:
            raise errors.refuse(errors.PROTOCOL_VERSION, "a.protocol", "1", "7")
        return {"protocol": 7, "firmware": "9.9.9"}

    told = heard(LinkPort(handle))
    assert "protocol 7" in told.seen
    assert told.causes[0].what == "gun and tool are of different releases"


def test_a_cable_that_is_pulled_in_the_middle_ends_it():
    world = idle_world()
    port = gun_of(world).port

    class Pulled:
        reads = 0

        def write(self, data: bytes) -> None:
            port.write(data)

        def read(self, timeout_s: float) -> bytes:
            self.reads += 1
            if self.reads > 6:
                raise PortTrouble("the connection is lost", ["check the cable"])
            return port.read(timeout_s)

        def close(self) -> None:
            pass

    course = examined(case_of(world, port=Pulled()))
    (failed,) = course.failed
    assert failed.seen == "the connection is lost"
    assert failed.causes[0].do == "check the cable"
    rest = course.lines[course.lines.index(failed) + 1 :]
    assert {line.seen for line in rest} == {
        f"{failed.title} failed: the link was lost in the middle"
    }


@pytest.mark.parametrize(
    ("percent", "value"), [(50, 5.0), (95, 10.0), (1, 1.0), (100, 10.0), (10, 1.0)]
)
def test_a_percentile_is_the_nearest_rank(percent: int, value: float):
    assert link_checks.percentile([float(number) for number in range(1, 11)], percent) == value

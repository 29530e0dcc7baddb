"""Which port is a gun's: by USB id and serial number, without opening any."""

import pytest

from mesohost import devices
from mesohost.devices import Device
from mesohost.troubles import PortTrouble

GUN = Device("/dev/ttyACM0", True, "Pico with MicroPython", "E66164084373")
SECOND = Device("COM7", True, "Pico with MicroPython", "E66164089999")
OTHER = Device("/dev/ttyUSB0", False, "USB serial", "A50285BI")


def test_what_is_plugged_in_here_can_be_listed():
    assert all(isinstance(device, Device) for device in devices.devices())


def test_the_only_gun_is_found():
    assert devices.find(None, lambda: [OTHER, GUN]) == GUN.port


@pytest.mark.parametrize(
    ("wanted", "port"),
    [
        ("/dev/ttyUSB0", "/dev/ttyUSB0"),
        ("socket://127.0.0.1:99", "socket://127.0.0.1:99"),
        ("COM12", "COM12"),
        ("E66164089999", "COM7"),
        ("A50285BI", "/dev/ttyUSB0"),
        ("nobody", "nobody"),
    ],
)
def test_a_port_is_taken_at_its_word(wanted: str, port: str):
    assert devices.find(wanted, lambda: [GUN, SECOND, OTHER]) == port


def test_a_name_of_a_port_needs_no_list():
    def never() -> list[Device]:
        raise AssertionError

    assert devices.find("/dev/ttyACM3", never) == "/dev/ttyACM3"


def test_two_guns_are_told_apart_by_the_user():
    with pytest.raises(PortTrouble, match="more than one gun") as both:
        devices.find(None, lambda: [GUN, SECOND])
    assert "E66164084373" in both.value.what
    assert "--port /dev/ttyACM0" in both.value.remedies[0]


@pytest.mark.parametrize("seen", [[], [OTHER]])
def test_no_gun_lists_what_was_seen(seen: list[Device]):
    with pytest.raises(PortTrouble, match="no gun is plugged in") as none:
        devices.find(None, lambda: seen)
    assert ("USB serial" in none.value.what) == bool(seen)
    assert any("mesogun sim" in remedy for remedy in none.value.remedies)

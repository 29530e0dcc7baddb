"""The udev rule that gives a gun's port to people on Linux, and keeps modem software off it."""

from pathlib import Path

RULE_FILE = "/etc/udev/rules.d/60-mesogun.rules"
GROUP = "dialout"
RULE = (
    'SUBSYSTEM=="tty", ATTRS{idVendor}=="2e8a", ATTRS{idProduct}=="0005", '
    f'GROUP="{GROUP}", MODE="0660", TAG+="uaccess", '
    'ENV{ID_MM_DEVICE_IGNORE}="1", ENV{ID_MM_PORT_IGNORE}="1"'
)
RELOAD = "sudo udevadm control --reload && sudo udevadm trigger"
HOW = f"put this line into {RULE_FILE}: {RULE} ; then {RELOAD}, and plug the gun in again"
MODEM_MANAGER = "ModemManager"


def modem_manager_runs(processes: Path = Path("/proc")) -> bool:
    """Whether ModemManager runs on this computer: it asks each new serial port whether it is a
    modem, and holds it meanwhile."""
    for name in processes.glob("[0-9]*/comm"):
        try:
            if name.read_text(encoding="utf-8", errors="replace").strip() == MODEM_MANAGER:
                return True
        except OSError:
            continue  # it has ended meanwhile
    return False

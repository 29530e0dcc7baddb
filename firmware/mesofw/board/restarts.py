"""What one start leaves for the next: a word that outlives a reset, but no power cut.

It is the watchdog's second scratch register (RP2040 data sheet, 4.7.6; MicroPython and the boot ROM
use the last four).
"""

NOTE = 0x40058010
FOR_SERVICE = 0x3E57
# Longer than what starts the watchdog takes.
_BITE_MS = 10
_PATIENT_MS = 200


def wanted_for_service(machine) -> bool:
    """Whether the gun was left for service; asked once, so that the next start is a usual one."""
    wanted = machine.mem32[NOTE] == FOR_SERVICE
    machine.mem32[NOTE] = 0
    return wanted


def watchdog_acts(machine, sleep_ms) -> bool:
    """At power-on the watchdog is starved: it resets the board, and that start finds it proven.
    False where it has not done so within 0.2 s."""
    if machine.reset_cause() != machine.PWRON_RESET:
        return True
    machine.WDT(timeout=_BITE_MS)
    sleep_ms(_PATIENT_MS)
    return False

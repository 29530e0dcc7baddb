"""What the clinic's rules refuse."""

from mesohost.troubles import ClinicTrouble

__all__ = ["ClinicTrouble", "NotAllowed"]


class NotAllowed(ClinicTrouble):
    """The user may not do this."""

"""What all activities share: one activity is what the gun does in one state."""


class Activity:
    """What is done in one state. `enter` runs once, `step` in every step of the gun while in it.

    `abandon` is called when a fault ends it: it stops what moves and closes what is open. While
    `hurried`, what comes next is due so soon that link and screen are served after it.
    """

    hurried = False

    def __init__(self, gun):
        self.gun = gun

    def enter(self, now_us: int) -> None:
        """The state begins."""

    def step(self, now_us: int) -> None:
        """One step in the state."""

    def pause(self) -> None:
        """The host asks for a pause; only an armed gun has something to pause."""

    def abandon(self, code: int, now_us: int) -> None:
        """The fault `code` ends the state."""
        if self.gun.drive.moving:
            self.gun.drive.stop()

    def lines(self) -> list:
        """What the screen says in this state."""
        return []

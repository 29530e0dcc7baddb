"""A session's file: written whole after each step, so that a crash costs the step under way."""

from pathlib import Path

import msgspec

from mesohost import files
from mesohost.calibration.session import Definition, State
from mesohost.troubles import ArchiveTrouble, FileTrouble


class Journal:
    """The file of one session."""

    def __init__(self, path: Path):
        self.path = path

    def save(self, state: State) -> None:
        """Write the state durably. Raises FileTrouble: then the file holds the one before."""
        try:
            files.create(self.path, msgspec.json.format(msgspec.json.encode(state), indent=1))
        except OSError as error:
            raise FileTrouble(
                f"{self.path}: cannot be written: {error.strerror or error}",
                ["make room on the disk, and go on with the session"],
            ) from error

    def load(self, definition: Definition) -> State | None:
        """The state of a session that was broken off; None where there is none. Raises
        ArchiveTrouble where the file is damaged, or of another kind or release."""
        try:
            state = msgspec.json.decode(self.path.read_bytes(), type=State)
        except FileNotFoundError:
            return None
        except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise ArchiveTrouble(
                f"{self.path}: cannot be read: {error}", ["move it away and begin anew"]
            ) from error
        if (state.definition, state.version) != (definition.name, definition.version):
            raise ArchiveTrouble(
                f"{self.path}: a session of {state.definition}, version {state.version}; this is "
                f"{definition.name}, version {definition.version}",
                ["finish it with the release that began it, or move it away"],
            )
        return state

    def remove(self) -> None:
        """The session is over."""
        self.path.unlink(missing_ok=True)

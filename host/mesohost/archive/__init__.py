"""Where records live: one SQLite file, to which they are only ever appended.

`Held` and `Header` are quick to import; `Archive` brings SQLAlchemy along with its first use. The
exchange format, a file of lines a gun, is in `mesohost.archive.jsonl`.
"""

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mesohost.archive.held import FORMAT, Header, Held

if TYPE_CHECKING:
    from mesohost.archive.log import GunLog
    from mesohost.archive.store import Archive

__all__ = ["FORMAT", "Archive", "GunLog", "Header", "Held", "default_folder"]

_LATER = {"Archive": "mesohost.archive.store", "GunLog": "mesohost.archive.log"}


def default_folder() -> Path:
    """The archive's folder where none is named."""
    from platformdirs import user_data_dir  # Not every command needs it.

    return Path(user_data_dir("mesogun", appauthor=False))


def __getattr__(name: str) -> Any:
    if name not in _LATER:
        raise AttributeError(name)
    return getattr(import_module(_LATER[name]), name)

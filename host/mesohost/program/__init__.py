"""Session programs on the host: files to checked, typed programs and their canonical text.

In every message a field's place is its path in the file, counted from 1: `zones[1].depth` is the
depth of the first zone. `schema` is imported from `mesohost.program.schema` where it is needed.
"""

from mesohost.program.faults import FileFault
from mesohost.program.load import Loaded, check_program, load_program
from mesohost.program.model import (
    Ingredient,
    Limits,
    Product,
    Program,
    Zone,
    from_text,
)

__all__ = [
    "FileFault",
    "Ingredient",
    "Limits",
    "Loaded",
    "Product",
    "Program",
    "Zone",
    "check_program",
    "from_text",
    "load_program",
]

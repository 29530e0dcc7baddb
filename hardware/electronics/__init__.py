"""The schematic as code: tables of parts, and what draws, checks and exports them."""

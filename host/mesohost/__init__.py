"""The computer's side of the gun: programs, link, records, reports, command line."""

# Held, so that core does not read it in for each code anew, as it does where memory is short.
from mesofw.core import texts as texts

"""The computer's side of the gun: programs, link, records, reports, command line."""

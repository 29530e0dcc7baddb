"""What an engineer looks at before a gun is used: a table of checks, gone through in order."""

"""Putting the firmware onto a board, so that a break at any byte leaves one that runs or says what
to do, and that the next run mends.

`release` is what is to be there, `board` a board at MicroPython's REPL, `looks` what is on it,
`plan` what has to be done, `install` does it; `attach` gets a gun to its REPL, `uf2` a Pico without
MicroPython.
"""

"""The chips on the board, as their data sheets have them; for CPython and MicroPython alike.

A chip takes what its pins or its bus bring and keeps what it would keep. None of them knows how the
firmware goes about it.
"""

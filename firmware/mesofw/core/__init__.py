"""Pure logic, the same files on the board, on desktop MicroPython and on CPython.

Unit suffixes of every name: `_um` micrometre, `_nm` nanometre, `_nl` nanolitre, `_fl` femtolitre,
`_nl_s` nanolitre a second, `_ug` microgram, `_mn` millinewton, `_mv` millivolt, `_dc` tenth of a
degree Celsius, `_us` microsecond (wraps at 2**30), `_ms` millisecond since boot, `_ticks` 5 ns.
All are integers that fit in 30 bits unless the docstring says otherwise.
"""

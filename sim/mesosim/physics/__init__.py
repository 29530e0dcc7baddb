"""What a gun can do, as pure functions: fluid, syringe, skin, drives, motors, heat.

Units are in the names: `_um`, `_mm2`, `_nl`, `_nl_s`, `_bar`, `_n`, `_mnm` (mN·m), `_gcm2`, `_g`.
"""

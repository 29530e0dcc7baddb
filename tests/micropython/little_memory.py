"""What the gun still says where its memory is full; run by `test_little_memory.py`."""

import gc
import sys

from mesofw.core import errors

LEFT_B = 8_000


def test_the_code_is_still_named_where_there_is_no_memory_for_its_text():
    ballast = None
    while gc.mem_free() > LEFT_B:
        ballast = (ballast, bytearray(1_000))
    assert errors.cause(errors.OCCLUSION) == "occlusion"
    assert errors.remedy(errors.OCCLUSION) == ""
    assert "mesofw.core.texts" not in sys.modules
    ballast = None
    gc.collect()
    assert errors.cause(errors.PLUNGER_LOST) == "the plunger lost steps"
    assert errors.cause(errors.OCCLUSION) == "the plunger's force is too high"


def test_texts_leave_nothing_behind():
    codes = sorted(errors.names())
    for code in codes:
        errors.cause(code)
    gc.collect()
    free_b = gc.mem_free()
    for code in codes:
        errors.cause(code)
    gc.collect()
    assert gc.mem_free() >= free_b

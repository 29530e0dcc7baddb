"""Runs on the chip: one file of core's tests, by the same runner as on desktop MicroPython."""

import gc
import sys

from tests.micropython import runner


def main(name, without):
    """Run the file's tests but those named in `without`, print as the runner does, then forget its
    modules: the chip's memory is short."""
    gc.collect()
    gc.threshold(8192)
    try:
        module = getattr(__import__("tests.core." + name).core, name)
        gc.threshold(-1)
        for test in without:
            delattr(module, test)
        print("%d passed, %d failed" % runner.run_tests(module))
    finally:
        for held in list(sys.modules):
            if held.startswith("tests.core."):
                del sys.modules[held]

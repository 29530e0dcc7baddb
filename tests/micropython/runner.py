"""Runs tests on MicroPython: python -X heapsize=… runner.py ROOTS MODULE [VECTORS]

ROOTS are folders for `sys.path`, joined by ":". Without VECTORS every `test_…` of MODULE is run.
With VECTORS (a file, a JSON list [name, arguments, result] a line) MODULE's
`CASES[name](*arguments)` must give each result again. Failures are printed with their traceback,
then "N passed, N failed".
"""

import gc
import json
import sys


def run(name, function, arguments=()):
    """(passed, result) of one call; a failure is printed."""
    try:
        return True, function(*arguments)
    except Exception as error:
        print("FAILED", name, arguments or "")
        sys.print_exception(error)
        return False, None


def run_tests(module):
    """Run each test of the module; (passed, failed)."""
    passed = failed = 0
    for name in sorted(dir(module)):
        if name.startswith("test_"):
            if run(name, getattr(module, name))[0]:
                passed += 1
            else:
                failed += 1
            gc.collect()
    return passed, failed


def run_vectors(module, path):
    """Run each case of the file; (passed, failed)."""
    passed = failed = 0
    with open(path) as file:
        for line in file:
            name, arguments, expected = json.loads(line)
            good, result = run(name, module.CASES[name], arguments)
            if good and result == expected:
                passed += 1
            else:
                failed += 1
                print("CASE", name, arguments, "gave", result, "expected", expected)
    return passed, failed


def main(roots, name, vectors=None):
    """Run; the exit code tells whether all passed."""
    sys.path[:] = roots.split(":") + sys.path
    # Collected often, so that what compiling leaves behind does not cut the small heap into pieces.
    gc.threshold(8192)
    module = __import__(name)
    for part in name.split(".")[1:]:
        module = getattr(module, part)
    gc.threshold(-1)
    passed, failed = run_vectors(module, vectors) if vectors else run_tests(module)
    print("%d passed, %d failed" % (passed, failed))
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

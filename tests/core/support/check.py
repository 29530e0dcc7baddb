"""What tests on both Pythons share: expecting errors, plain pseudo-random numbers."""


def raises(kind, function, *arguments):
    """The exception of `kind` that the call raises; fails where it raises none."""
    try:
        function(*arguments)
    except kind as error:
        return error
    raise AssertionError("nothing was raised")


def numbers(seed, count, low, high):
    """`count` integers from `low` to `high`, the same on both Pythons."""
    out = []
    for _ in range(count):
        seed = (seed * 1_103_515_245 + 12_345) & 0x7FFFFFFF
        out.append(low + (seed >> 8) % (high - low + 1))
    return out

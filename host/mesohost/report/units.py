"""Numbers as a report's reader sees them, always with their unit, rounded for reading."""

import datetime

from mesohost.report.model import Moment, Spread


def volume(volume_nl: float | None) -> str:
    """A volume: `5 µL`, `299.8 µL`, `1.024 mL`; a dash where it is not known."""
    if volume_nl is None:
        return "–"
    if abs(volume_nl) >= 1_000_000:
        return f"{_trimmed(volume_nl / 1_000_000, 3)} mL"
    return f"{_trimmed(volume_nl / 1000, 1 if abs(volume_nl) >= 100_000 else 2)} µL"


def depth(depth_um: float | None) -> str:
    """A depth: `1.5 mm`; a dash where it is not known."""
    return "–" if depth_um is None else f"{_trimmed(depth_um / 1000, 2)} mm"


def spread(values: Spread | None, unit: str) -> str:
    """`1.49 (1.47 to 1.52) mm` of µm, or the like in µL of nl; a dash where there is none."""
    if values is None:
        return "–"
    mean, least, most = (
        f"{value / 1000:.2f}" for value in (values.mean, values.least, values.most)
    )
    return f"{mean} {unit}" if least == most else f"{mean} ({least} to {most}) {unit}"


def estimate(measured_nl: int, most_nl: int) -> str:
    """What was delivered, as far as can be told: a range where some of it is uncertain."""
    if measured_nl == most_nl:
        return f"≈ {volume(measured_nl)}"
    return f"≈ {volume(measured_nl)} to {volume(most_nl)}"


def duration(duration_s: float) -> str:
    """A duration: `41.5 s`, `12 min 05 s`, `1 h 02 min`."""
    whole = round(duration_s)
    if whole < 60:
        return f"{_trimmed(duration_s, 1)} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02d} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02d} min"


def running(when: Moment) -> str:
    """Running time as `m:ss.t`."""
    tenths = round(when.running_s * 10)
    return f"{tenths // 600}:{tenths % 600 / 10:04.1f}"


def utc(when: Moment) -> str:
    """The wall clock in UTC, or the empty text where it was not set."""
    if when.unix_s is None:
        return ""
    whole = datetime.datetime.fromtimestamp(int(when.unix_s), datetime.UTC)
    return whole.strftime("%Y-%m-%d %H:%M:%S UTC")


def iso(when: Moment) -> str:
    """The wall clock in UTC as ISO 8601 to the millisecond, or the empty text."""
    if when.unix_s is None:
        return ""
    exact = datetime.datetime.fromtimestamp(when.unix_s, datetime.UTC)
    return exact.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def counted(count: int, noun: str) -> str:
    """`1 shot`, `2 shots`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _trimmed(value: float, decimals: int) -> str:
    text = f"{value:.{decimals}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text

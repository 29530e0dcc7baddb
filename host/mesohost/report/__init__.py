"""The report of a session: planned against done, from the gun's own records.

`read_log` and `build_report` are quick to import; pictures and the page are imported where they are
needed (`mesohost.report.page`), for matplotlib takes its time.
"""

from mesohost.report.build import build_report
from mesohost.report.export import to_csv, to_json
from mesohost.report.mixture import ProgramMismatch
from mesohost.report.model import Report
from mesohost.report.reading import Log, NotALog, log_of, parse_log, read_log
from mesohost.report.sessions import NoSession

__all__ = [
    "Log",
    "NoSession",
    "NotALog",
    "ProgramMismatch",
    "Report",
    "build_report",
    "log_of",
    "parse_log",
    "read_log",
    "to_csv",
    "to_json",
]

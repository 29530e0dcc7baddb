"""All pages of the console, by path."""

import re
from collections.abc import Callable

from nicegui import app, ui
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from mesohost.console import reporting
from mesohost.console.after import after_page
from mesohost.console.bench import bench_page
from mesohost.console.frame import framed
from mesohost.console.home import home_page
from mesohost.console.house import House
from mesohost.console.prepare import prepare_page
from mesohost.console.session import session_page
from mesohost.report import Report
from mesohost.report.byhand import ByHand
from mesohost.troubles import Trouble

# What can be had of a session, by the ending of its name.
_MADE: dict[str, tuple[Callable[[Report | ByHand], str | bytes | None], str]] = {
    "html": (reporting.html, "text/html; charset=utf-8"),
    "pdf": (reporting.pdf, "application/pdf"),
    "csv": (reporting.csv, "text/csv; charset=utf-8"),
}
_REPORT = re.compile(r"([0-9]{1,9})\.(html|pdf|csv)")
_NUMBER = re.compile(r"[0-9]{1,9}")
_PICTURE = re.compile(r"[0-9a-f]{64}")


def install(house: House) -> None:
    """Make the pages known."""

    @app.get("/rehearsal/{sha256}.svg")
    def picture(sha256: str) -> Response:  # pyright: ignore[reportUnusedFunction]
        path = house.picture(sha256) if _PICTURE.fullmatch(sha256) else None
        if path is None or not path.is_file():
            return Response(status_code=404)
        return FileResponse(path, media_type="image/svg+xml")

    @ui.page("/")
    def home(request: Request) -> None:  # pyright: ignore[reportUnusedFunction]
        with framed(house, request, "home") as page:
            home_page(page)

    @app.get("/report/{name}")
    def report(name: str) -> Response:  # pyright: ignore[reportUnusedFunction]
        found = _REPORT.fullmatch(name)
        if not found:
            return Response(status_code=404)
        try:
            made = reporting.report_of(house.archive, int(found[1]))
        except Trouble as trouble:
            return Response(str(trouble), 404, media_type="text/plain")
        make, kind = _MADE[found[2]]
        told = make(made) if made else None
        return Response(told, media_type=kind) if told else Response(status_code=404)

    @ui.page("/after")
    def after(request: Request) -> None:  # pyright: ignore[reportUnusedFunction]
        wanted = request.query_params.get("session", "")
        with framed(house, request, "after") as page:
            after_page(page, int(wanted) if _NUMBER.fullmatch(wanted) else None)

    @ui.page("/bench")
    def bench(request: Request) -> None:  # pyright: ignore[reportUnusedFunction]
        with framed(house, request, "bench") as page:
            bench_page(page)

    @ui.page("/prepare")
    def prepare(request: Request) -> None:  # pyright: ignore[reportUnusedFunction]
        with framed(house, request, "prepare") as page:
            prepare_page(page)

    @ui.page("/session")
    def session(request: Request) -> None:  # pyright: ignore[reportUnusedFunction]
        with framed(house, request, "session") as page:
            session_page(page)

"""All pages of the console, by path."""

import re

from nicegui import app, ui
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from mesohost.console.frame import framed
from mesohost.console.house import House
from mesohost.console.prepare import prepare_page
from mesohost.console.session import session_page

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
        with framed(house, request, "home"):
            pass

    @ui.page("/prepare")
    def prepare(request: Request) -> None:  # pyright: ignore[reportUnusedFunction]
        with framed(house, request, "prepare") as page:
            prepare_page(page)

    @ui.page("/session")
    def session(request: Request) -> None:  # pyright: ignore[reportUnusedFunction]
        with framed(house, request, "session") as page:
            session_page(page)

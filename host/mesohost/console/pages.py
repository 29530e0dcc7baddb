"""All pages of the console, by path."""

from nicegui import ui
from starlette.requests import Request

from mesohost.console.frame import framed
from mesohost.console.house import House
from mesohost.console.prepare import prepare_page
from mesohost.console.session import session_page


def install(house: House) -> None:
    """Make the pages known."""

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

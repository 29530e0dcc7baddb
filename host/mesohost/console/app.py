"""Puts a console together and serves it until it is ended."""

import os
import socket
import tempfile
import webbrowser
from contextlib import ExitStack
from importlib import resources
from pathlib import Path
from typing import Any

from mesohost.archive import Archive
from mesohost.console import lock
from mesohost.console.house import LOOPBACK, House
from mesohost.console.virtual import VirtualGun
from mesohost.gun import Gun
from mesohost.keys import KeyFile
from mesohost.troubles import PortTrouble, Trouble

PAGE_PORT = 8642
_SECONDS_TO_LEAVE = 2


def serve(
    folder: Path | None, port: str | None, page_port: int | None, *,
    training: bool, browser: bool, pace: float = 1.0, key: Path | None = None,
) -> None:  # fmt: skip
    """Serve a console until broken off: over the archive in `folder` (in training a temporary one)
    and the gun on `port` (None: the only one plugged in). `key` is the engineer's file. Raises
    Trouble.
    """
    with ExitStack() as stack:
        virtual = None
        if training:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="mesogun-")))
            virtual = VirtualGun(folder / "gun", pace)
            stack.callback(virtual.stop)
            virtual.start()
        assert folder is not None
        served = page_port or _free_port(PAGE_PORT if page_port is None else 0)
        held = lock.for_archive(folder, f"http://{LOOPBACK}:{served}/")
        stack.callback(held.free)
        link = Link(port, virtual, folder)
        stack.callback(link.close)
        if port:
            link.claim(port)
        archive = Archive(folder)
        _ = archive.id  # what is wrong with it is said now, not to the first who logs in
        house = House(archive, served, link.open, virtual, KeyFile(key) if key else None)
        stack.callback(house.service.stop)
        run(house, browser)


class Link:
    """How the service comes to its gun: by name, or the only one plugged in, or the virtual one;
    and the lock that keeps other consoles off it."""

    def __init__(self, port: str | None, virtual: VirtualGun | None, folder: Path):
        self._port = port
        self._virtual = virtual
        self._folder = Path(tempfile.gettempdir()) if virtual is None else folder
        self._held: tuple[str, lock.Lock] | None = None

    def claim(self, port: str) -> None:
        """Keep other consoles off a port. Raises PortTrouble where one has it."""
        if self._held and self._held[0] != port:
            self.close()
        if not self._held:
            self._held = (port, lock.for_gun(port, self._folder))

    def open(self) -> Gun:
        """The gun, open. Raises PortTrouble."""
        from mesohost.devices import find

        if self._virtual and not self._virtual.on:
            raise PortTrouble("the virtual gun is switched off", ["switch it on"])
        port = self._virtual.port if self._virtual else find(self._port)
        self.claim(port)
        return Gun.open(port)

    def close(self) -> None:
        """Let others at the gun; may be called again."""
        if self._held:
            self._held[1].free()
            self._held = None


def run(house: House, browser: bool) -> None:
    """Serve the pages of a house. Raises PortTrouble where its port is taken."""
    _check_free(house.port)
    # NiceGUI keeps nothing of ours; what it might keep goes with the archive.
    os.environ.setdefault("NICEGUI_STORAGE_PATH", str(house.folder / "page"))
    import asyncio

    from nicegui import app as nicegui_app
    from nicegui import ui as nicegui_ui

    from mesohost.console import entrance, pages
    from mesohost.console.guard import Guard

    # What NiceGUI declares of these is not typed in full.
    app: Any = nicegui_app
    ui: Any = nicegui_ui
    app.config.socket_io_js_transports = ["websocket"]
    app.add_static_files("/static", str(resources.files("mesohost.console") / "static"))
    app.router.routes.extend(entrance.routes(house))
    pages.install(house)
    app.add_exception_handler(Trouble, entrance.cannot(house))
    app.add_middleware(Guard, logins=house.logins, port=house.port)

    async def started() -> None:
        house.service.start(asyncio.get_running_loop())
        print(f"console at {house.entrance}", flush=True)
        if browser:
            await asyncio.to_thread(webbrowser.open, house.entrance)

    app.on_startup(started)
    app.on_shutdown(house.service.stop)
    ui.run(
        host=LOOPBACK, port=house.port, title="mesogun", show=False, reload=False, tailwind=False,
        gzip_middleware_factory=None, show_welcome_message=False, ws_max_size=1_000_000,
        server_header=False, timeout_graceful_shutdown=_SECONDS_TO_LEAVE, favicon=_favicon(),
        reconnect_timeout=10.0, binding_refresh_interval=None,
    )  # fmt: skip


def _favicon() -> Path:
    return Path(str(resources.files("mesohost.console") / "static" / "favicon.svg"))


def _free_port(wanted: int) -> int:
    """The port that is wanted where it is free, else any."""
    for number in (wanted, 0):
        with socket.socket() as probe:
            try:
                probe.bind((LOOPBACK, number))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise PortTrouble("no TCP port of this computer is free", ["end other programs"])


def _check_free(port: int) -> None:
    with socket.socket() as probe:
        # As the server itself does, so that a port that was just left can be taken again.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError as error:
            raise PortTrouble(
                f"TCP port {port} is taken: {error.strerror}",
                ["choose another: --page-port 0 takes any free one", "end what uses it"],
            ) from error

"""A full disk and an archive that cannot be written: told in words, nothing half-stored, and
gone on with once there is room."""

import asyncio
import datetime
import os
import resource
import signal
import tempfile
from collections.abc import Callable, Generator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from mesohost.archive import Archive
from mesohost.archive.backup import examine
from mesohost.clinic import entries, users
from mesohost.console import app, entrance, rehearsing
from mesohost.console.house import House
from mesohost.gun import Gun
from mesohost.program import load_program
from mesohost.troubles import ArchiveTrouble, FileTrouble, PortTrouble, Trouble
from mesosim.hands import Hands
from mesosim.port import WorldPort
from mesosim.world import World

NOBODY = 65_534
PORT = 8642
EXAMPLE = sorted((Path(__file__).parents[3] / "examples").glob("*.toml"))[0]
PASSWORD = "a password of some length"


@contextmanager
def full_disk(most_bytes: int = 0) -> Generator[None]:
    """No file gets longer than this."""
    old = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, old[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, old)
        signal.signal(signal.SIGXFSZ, before)


def by_somebody_else(work: Callable[[], None]) -> int:
    """Do it in a fork in which the system's own user is nobody; 0 where it went well."""
    child = os.fork()
    if not child:
        try:
            if os.geteuid() == 0:
                os.setuid(NOBODY)
            work()
        except BaseException:
            os._exit(1)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def open_to_all(folder: Path) -> None:
    """Let everybody look into a folder, and into those above it."""
    own = [path for path in folder.parents if Path(tempfile.gettempdir()) in path.parents]
    for path in (folder, *folder.rglob("*"), *own):
        path.chmod(0o755 if path.is_dir() else 0o644)


def never() -> Gun:
    raise PortTrouble("no gun is plugged in")


@pytest.fixture
def house(tmp_path) -> House:
    archive = Archive(tmp_path / "archive")
    users.add(archive, "Ana", "engineer", PASSWORD, approver=True)
    return House(archive, PORT, never)


def answer(house: House, path: str, form: dict[str, str] | None = None) -> httpx.Response:
    """What the entrance answers."""
    served = Starlette(routes=entrance.routes(house))
    served.add_exception_handler(Trouble, entrance.cannot(house))

    async def asked() -> httpx.Response:
        transport = httpx.ASGITransport(app=served)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            headers = {"referer": f"http://127.0.0.1{path}?code=x"}
            method = "POST" if form else "GET"
            return await client.request(method, path, data=form, headers=headers)

    return asyncio.run(asked())


def test_a_folder_that_cannot_be_written_is_refused_at_the_start(house):
    folder = house.folder
    open_to_all(folder)
    folder.chmod(0o555)

    def start() -> None:
        with pytest.raises(ArchiveTrouble, match="cannot be written") as told:
            app.serve(folder, "socket://127.0.0.1:1", 0, training=False, browser=False)
        assert any("--archive DIR" in remedy for remedy in told.value.remedies)

    try:
        assert by_somebody_else(start) == 0
    finally:
        folder.chmod(0o755)
    assert [path.name for path in folder.iterdir()] == ["archive.sqlite"]


def test_an_archive_that_cannot_be_written_can_be_read_and_says_so(house):
    open_to_all(house.folder)
    house.folder.chmod(0o777)
    house.archive.path.chmod(0o444)

    def work() -> None:
        opened = House(Archive(house.folder), PORT, never)
        assert users.everyone(opened.archive)
        with pytest.raises(ArchiveTrouble, match="read-only") as told:
            users.add(opened.archive, "Ben", "operator", PASSWORD)
        assert "permissions" in str(told.value)

    assert by_somebody_else(work) == 0


def test_the_first_account_waits_for_room(tmp_path):
    house = House(Archive(tmp_path / "archive"), PORT, never)
    _ = house.archive.id
    form = {"code": house.setup_code, "name": "Ana", "password": PASSWORD, "again": PASSWORD}
    with full_disk():
        told = answer(house, "/setup", form)
    assert told.status_code == 503
    assert "make room on the disk" in told.text or "free space" in told.text
    assert 'href="/setup?code=x">Try again' in told.text
    assert "Traceback" not in told.text
    assert users.everyone(house.archive) == []
    assert answer(house, "/setup", form).status_code == 303
    assert [user.name for user in users.everyone(house.archive)] == ["Ana"]


@pytest.mark.parametrize("read", [True, False], ids=["can be read", "cannot be read either"])
def test_a_pull_waits_for_room(house, read):
    world = World()
    Hands(world).until("idle")
    gun = Gun(WorldPort(world))
    last = gun.hello().last
    assert last
    with ExitStack() as stack:
        if read:  # what SQLite needs beside its file is there already
            stack.enter_context(house.archive.database.reading())
        stack.enter_context(full_disk())
        assert not house.gun_is_idle(gun)
    assert "check the free space" in house.kept_trouble
    assert gun.hello().first == 1, "the gun forgets nothing that is not kept"
    examine(house.archive.path)
    assert house.archive.boards() == []
    assert house.gun_is_idle(gun)
    assert house.kept_trouble == ""
    (board,) = house.archive.boards()
    assert house.archive.log(board).last_number == last
    assert entries.verify(house.archive) == []


def test_a_rehearsal_that_has_no_place_says_so(tmp_path):
    program = load_program(EXAMPLE, datetime.date(2026, 11, 22)).program
    assert program
    (tmp_path / "page").write_text("a file is in the way")
    with pytest.raises(FileTrouble, match="cannot be written"):
        asyncio.run(rehearsing.rehearse(program, tmp_path / "page" / "x.svg"))

"""Pulling into the archive: only what is new, checked, durable, then acknowledged; nothing lost."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from benches import Unplugged, add_records, core_of, gun_of, idle_world
from hypothesis import given, settings
from hypothesis import strategies as st

from mesofw.core import errors
from mesohost import records
from mesohost.archive import Archive
from mesohost.gun import Gun
from mesohost.keeping import keep
from mesohost.records import Break
from mesohost.troubles import ArchiveTrouble, GunRefused, PortTrouble, RecordsBroken
from mesosim.port import WorldPort
from mesosim.world import World


def numbers(archive: Archive, world: World) -> list[int]:
    return [held.number for held in archive.log(world.board.board_id).records()]


def dumped(archive: Archive) -> list[str]:
    """All that the archive's file says, as SQL."""
    with closing(sqlite3.connect(archive.path)) as connection:
        return list(connection.iterdump())


def flip(world: World, number: int, byte: int) -> None:
    """Damage one byte of a record in the gun's store."""
    files = world.board.flash.held
    name = max(name for name in files if name.startswith("log.") and int(name[4:]) <= number)
    data = bytearray(files[name])
    data[(number - int(name[4:])) * records.RECORD_BYTES + byte] ^= 1
    files[name] = bytes(data)


def test_only_what_is_new_is_pulled_and_then_acknowledged(tmp_path: Path):
    world = idle_world()
    gun, archive = gun_of(world), Archive(tmp_path)
    add_records(world, 700)
    first = keep(gun, archive, now_s=lambda: 1_800_000_000.0)
    last = gun.hello().last
    assert (first.new, first.first, first.last) == (last, 1, last)
    assert first.acknowledged == core_of(world).memory.acknowledged == last
    assert core_of(world).memory.archive.hex() == archive.id == first.archive
    add_records(world, 3)
    second = keep(gun, archive)
    assert (second.new, second.first, second.last) == (3, last + 1, last + 3)
    assert numbers(archive, world) == list(range(1, last + 4))
    log = archive.log(world.board.board_id)
    assert records.verify(held.raw for held in log.records()) is None


def test_pulling_twice_changes_nothing(tmp_path: Path):
    world = idle_world()
    add_records(world, 50)
    gun, archive = gun_of(world), Archive(tmp_path)
    keep(gun, archive)
    before = dumped(archive)
    again = keep(gun, archive)
    assert (again.new, again.gaps, again.marked) == (0, (), ())
    assert dumped(archive) == before


def test_records_of_this_start_get_the_hosts_time(tmp_path: Path):
    world = idle_world()
    gun, archive = gun_of(world), Archive(tmp_path)
    add_records(world, 4)
    world.switch_off()
    world.switch_on()
    world.run_for(30_000_000)
    keep(gun, archive, now_s=lambda: 1_800_000_000 + world.now_us / 1e6)
    hello = gun.hello()
    for held in archive.log(hello.board).records():
        if held.record.boot != hello.boot:
            assert held.unix_ms is None
        else:
            began_ms = 1_800_000_000_000 + world.now_us // 1000 - hello.at_ms
            assert held.unix_ms == pytest.approx(began_ms + held.record.at_ms, abs=300)


def test_a_bad_link_keeps_exactly_the_same(tmp_path: Path):
    world = idle_world()
    add_records(world, 2_500)
    clear = Archive(tmp_path / "clear")
    keep(gun_of(world), clear)
    other = idle_world()
    add_records(other, 2_500)
    spoilt = Archive(tmp_path / "spoilt")
    keep(gun_of(other, 11), spoilt)
    both = [
        [held.raw for held in archive.log(world.board.board_id).records()]
        for archive in (clear, spoilt)
    ]
    assert both[0] == both[1]


@settings(max_examples=25, deadline=None, derandomize=True)
@given(limit=st.integers(600, 300_000))
def test_a_pulled_cable_loses_and_doubles_nothing(tmp_path_factory, limit: int):
    archive = Archive(tmp_path_factory.mktemp("archive"))
    world = idle_world()
    add_records(world, 2_300)
    with pytest.raises(PortTrouble):
        keep(Gun(Unplugged(WorldPort(world), limit)), archive)
    assert core_of(world).memory.acknowledged == 0
    last = gun_of(world).hello().last
    keep(gun_of(world), archive)
    assert numbers(archive, world) == list(range(1, last + 1))


def test_what_the_gun_has_lost_is_a_gap(tmp_path: Path):
    world = idle_world()
    add_records(world, 2_000)
    world.switch_off()
    del world.board.flash.held["log.00000512"]
    world.switch_on()
    world.run_for(30_000_000)
    gun, archive = gun_of(world), Archive(tmp_path)
    kept = keep(gun, archive)
    assert kept.gaps == ((512, 1023),)
    last = gun.hello().last
    assert numbers(archive, world) == [*range(1, 512), *range(1024, last + 1)]
    assert keep(gun, archive).gaps == ()


def test_what_the_gun_forgot_before_is_a_gap(tmp_path: Path):
    world = idle_world()
    add_records(world, 1_500)
    gun, archive = gun_of(world), Archive(tmp_path)
    gun.acknowledge(1_200, archive.id)
    kept = keep(gun, archive)
    assert kept.gaps == ((1, 1023),)
    assert kept.first == 1024


def test_a_damaged_record_stops_the_pull_with_all_before_it_kept(tmp_path: Path):
    world = idle_world()
    add_records(world, 700)
    flip(world, 600, 50)
    gun, archive = gun_of(world), Archive(tmp_path)
    with pytest.raises(RecordsBroken, match="record 600: it is damaged") as broken:
        keep(gun, archive)
    assert "--keep-broken" in broken.value.remedies[0]
    assert numbers(archive, world) == list(range(1, 600))
    assert core_of(world).memory.acknowledged == 599
    with pytest.raises(RecordsBroken, match="record 600"):
        keep(gun, archive)


def test_a_damaged_record_is_kept_where_that_is_asked_for(tmp_path: Path):
    world = idle_world()
    add_records(world, 700)
    flip(world, 600, 50)
    gun, archive = gun_of(world), Archive(tmp_path)
    kept = keep(gun, archive, keep_broken=True)
    assert kept.marked == (Break(600, records.DAMAGED), Break(601, records.UNCHAINED))
    last = gun.hello().last
    assert numbers(archive, world) == list(range(1, last + 1))
    log = archive.log(world.board.board_id)
    assert [held.number for held in log.records() if held.trouble] == [600, 601]
    assert keep(gun, archive).new == 0


def test_the_last_record_may_be_the_damaged_one(tmp_path: Path):
    world = idle_world()
    add_records(world, 10)
    gun, archive = gun_of(world), Archive(tmp_path)
    last = gun.hello().last
    flip(world, last, 0)
    assert keep(gun, archive, keep_broken=True).last == last
    add_records(world, 2)
    assert keep(gun, archive, keep_broken=True).last == last + 2


def test_a_rewritten_log_is_told_before_anything_is_appended(tmp_path: Path):
    world = idle_world()
    add_records(world, 20)
    archive = Archive(tmp_path)
    keep(gun_of(world), archive)
    other = idle_world()
    add_records(other, 3)
    core_of(other).log(errors.EVENT_ALERT, 99, 99)
    add_records(other, 40)
    before = dumped(archive)
    with pytest.raises(RecordsBroken, match="different records") as broken:
        keep(gun_of(other), archive)
    assert "mesogun archive renew" in broken.value.remedies[0]
    assert dumped(archive) == before


def test_an_erased_log_is_told(tmp_path: Path):
    world = idle_world()
    add_records(world, 20)
    archive = Archive(tmp_path)
    keep(gun_of(world), archive)
    with pytest.raises(RecordsBroken, match="erased"):
        keep(gun_of(idle_world()), archive)


def test_the_log_of_an_erased_gun_goes_on_beside_the_old_one(tmp_path: Path):
    world = idle_world()
    add_records(world, 20)
    archive = Archive(tmp_path)
    old = keep(gun_of(world), archive).last
    assert archive.renew(world.board.board_id) == 2
    kept = keep(gun_of(idle_world()), archive)
    assert (kept.first, kept.last) == (1, 1)
    board = world.board.board_id
    assert archive.logs() == [(board, 1), (board, 2)]
    assert archive.log(board, 1).last_number == old
    assert archive.log(board).last_number == 1


def test_another_archive_keeps_its_copy_but_may_not_acknowledge(tmp_path: Path):
    world = idle_world()
    add_records(world, 20)
    keep(gun_of(world), Archive(tmp_path / "own"))
    with pytest.raises(GunRefused) as refused:
        keep(gun_of(world), Archive(tmp_path / "other"))
    assert refused.value.code == errors.OTHER_ARCHIVE
    assert len(numbers(Archive(tmp_path / "other"), world)) > 20


def test_a_moving_gun_is_acknowledged_later(tmp_path: Path):
    world = World(1)
    world.run_while(lambda: core_of(world).journal.last == 0, 10_000_000)
    world.run_while(lambda: not core_of(world).moving(), 10_000_000)
    gun, archive = gun_of(world), Archive(tmp_path)
    kept = keep(gun, archive)
    assert kept.new == 1
    assert kept.acknowledged is None
    assert "moving" in kept.postponed
    world.run_for(30_000_000)
    assert keep(gun, archive).acknowledged == 1


def test_an_archive_of_a_newer_release_is_left_alone(tmp_path: Path):
    world = idle_world()
    keep(gun_of(world), Archive(tmp_path))
    archive = Archive(tmp_path)
    with closing(sqlite3.connect(archive.path)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    before = dumped(archive)
    with pytest.raises(ArchiveTrouble, match="newer"):
        keep(gun_of(world), archive)
    assert dumped(archive) == before

"""The gun's class against the real core behind a virtual gun, in process and in virtual time."""

import hashlib

import pytest
from benches import PowerCut, add_records, core_of, gun_of, idle_world, program
from hypothesis import given, settings
from hypothesis import strategies as st

from mesofw import VERSION
from mesofw.core import errors, wire
from mesohost import pulling, records
from mesohost.gun import Gun
from mesohost.troubles import GunRefused
from mesosim.link import Faulty
from mesosim.port import WorldPort
from mesosim.world import World

SEEDS = (3, 17, 2026)


def test_hello_says_who_answers():
    world = idle_world(5)
    hello = gun_of(world).hello()
    assert hello.firmware == VERSION
    assert hello.protocol == wire.PROTOCOL
    assert hello.board == world.board.board_id
    assert hello.calibration > 0
    assert hello.commissioned is True
    assert hello.hardware_verified is False
    assert (hello.first, hello.last) == (1, 1)


def test_health_tells_what_is_left():
    health = gun_of(idle_world()).health()
    assert health.store_room > 1_000
    assert health.ring_room > 0
    assert 5_000 < health.supply_mv < 30_000
    assert 0 < health.temperature_dc < 1_000


def test_every_call_can_be_repeated():
    world = idle_world()
    gun = gun_of(world)
    text = program().text
    assert gun.hello().board == gun.hello().board
    assert gun.program() is None
    assert gun.status().state == gun.status().state == "idle"
    assert gun.load(text) == gun.load(text) == gun.program()
    assert gun.pause() == gun.pause() == "idle"
    archive = "ab" * 16
    assert gun.acknowledge(1, archive) == gun.acknowledge(1, archive)
    assert list(gun.pull(1)) == list(gun.pull(1))


@pytest.mark.parametrize("zones", [1, 20, 200])
def test_a_program_arrives_as_it_was_sent(zones: int):
    world = idle_world()
    wanted = program(zones)
    seen: list[tuple[int, int]] = []
    info = gun_of(world).load(wanted.text, lambda done, total: seen.append((done, total)))
    assert info.sha256 == wanted.sha256
    assert (info.length, info.zones) == (len(wanted.text), zones)
    assert (info.shots, info.total_nl, info.title) == (wanted.shots, wanted.total_nl, "Bench")
    assert seen[-1] == (len(wanted.text), len(wanted.text))
    assert core_of(world).slots.load() == wanted.text


def test_a_program_that_the_gun_will_not_take_is_refused_and_the_old_one_stays():
    world = idle_world()
    gun = gun_of(world)
    before = gun.load(program(2).text)
    with pytest.raises(GunRefused) as refused:
        gun.load(program(201).text)
    assert refused.value.code == errors.TOO_MANY
    assert refused.value.name == "too_many"
    assert "at most 200" in refused.value.allowed
    assert "to do: use fewer" in str(refused.value)
    assert gun.program() == before


def test_a_gun_that_is_not_idle_takes_no_program():
    world = World(1)
    world.run_for(100_000)
    with pytest.raises(GunRefused) as refused:
        gun_of(world).load(program().text)
    assert refused.value.code == errors.NOT_NOW
    assert refused.value.found != "idle"
    assert refused.value.allowed == "idle"


def test_records_come_in_order_and_chained():
    world = idle_world()
    add_records(world, 2_000)
    gun = gun_of(world)
    last = gun.hello().last
    seen: list[tuple[int, int]] = []
    pulled = list(gun.pull(1, None, lambda done, total: seen.append((done, total))))
    assert [records.decode(raw).number for raw in pulled] == list(range(1, last + 1))
    assert records.verify(pulled) is None
    assert seen[-1] == (last, last)
    assert list(gun.pull(700, 5)) == pulled[699:704]
    assert list(gun.pull(700, 0)) == []


def test_records_beyond_what_is_held_are_refused():
    world = idle_world()
    gun = gun_of(world)
    with pytest.raises(GunRefused) as refused:
        list(gun.pull(90, 3))
    assert refused.value.code == errors.NOT_HELD
    assert list(gun.pull(2)) == []
    assert gun.held(2) is None


def test_what_the_gun_has_forgotten_is_skipped():
    world = idle_world()
    add_records(world, 1_200)
    gun = gun_of(world)
    gun.acknowledge(1_100, "cd" * 16)
    first = gun.hello().first
    assert first == 1_024
    assert gun.held(1) == first
    assert records.decode(next(gun.pull(first))).number == first


@pytest.mark.parametrize("lost", ["log.00000512", "log.00001024"])
def test_a_lost_file_is_a_gap_with_two_ends(lost: str):
    world = idle_world()
    add_records(world, 2_000)
    world.switch_off()
    del world.board.flash.held[lost]
    world.switch_on()
    world.run_for(30_000_000)
    gun = gun_of(world)
    start = int(lost[4:])
    got: list[bytes] = []
    with pytest.raises(GunRefused) as refused:
        got.extend(gun.pull(1))
    assert refused.value.code == errors.NOT_HELD
    assert refused.value.found == str(start)
    assert gun.held(start) == start + 512
    assert gun.held(start + 300) == start + 512
    assert records.verify(gun.pull(start + 512)) is None


@pytest.mark.parametrize("seed", SEEDS)
def test_a_link_that_spoils_lines_still_loads_exactly(seed: int):
    world = idle_world()
    wanted = program(200)
    gun = gun_of(world, seed)
    assert gun.load(wanted.text).sha256 == wanted.sha256
    assert core_of(world).slots.load() == wanted.text
    other = program(30, "Other")
    assert gun.load(other.text).sha256 == other.sha256


@pytest.mark.parametrize("seed", SEEDS)
def test_a_link_that_spoils_lines_still_pulls_exactly(seed: int):
    world = idle_world()
    add_records(world, 3_000)
    wanted = list(gun_of(world).pull(1))
    gun = gun_of(world, seed)
    assert list(gun.pull(1)) == wanted


@settings(max_examples=15, deadline=None, derandomize=True)
@given(
    seed=st.integers(1, 1 << 30),
    shares=st.tuples(*[st.floats(0, 0.08)] * 4),
    zones=st.integers(1, 40),
)
def test_any_bad_link_ends_with_the_whole_program(
    seed: int, shares: tuple[float, float, float, float], zones: int
):
    world = idle_world()
    gun = Gun(WorldPort(world, Faulty(seed, *shares), Faulty(-seed, *shares)))
    wanted = program(zones)
    assert gun.load(wanted.text).sha256 == hashlib.sha256(wanted.text).hexdigest()


def test_a_pull_that_is_left_disturbs_nothing_after_it():
    world = idle_world()
    add_records(world, 2_000)
    gun = gun_of(world)
    pulled = gun.pull(1)
    first = [next(pulled) for _ in range(10)]
    assert gun.status().state == "idle"
    assert list(gun.pull(1, 10)) == first


@pytest.mark.parametrize("after", [1, 500, 5_000, 20_000, 41_000])
def test_a_restart_in_mid_load_starts_it_again(after: int):
    world = idle_world()
    wanted = program(150)
    gun = Gun(PowerCut(world, after))
    assert gun.load(wanted.text).sha256 == wanted.sha256
    assert core_of(world).slots.load() == wanted.text


@pytest.mark.parametrize("after", [150, 400, 600])
def test_a_restart_in_mid_pull_goes_on(after: int):
    world = idle_world()
    add_records(world, 2 * pulling.BLOCK_RECORDS)
    gun = Gun(PowerCut(world, after))
    last = gun.hello().last
    pulled = list(gun.pull(1, last))
    assert [records.decode(raw).number for raw in pulled] == list(range(1, last + 1))
    assert records.verify(pulled) is None


def test_another_session_in_between_is_taken_over():
    world = idle_world()
    one, other = gun_of(world), gun_of(world)
    assert one.status().state == "idle"
    assert other.status().state == "idle"
    assert one.status().state == "idle"


def test_the_clock_is_set_to_within_what_it_says():
    world = idle_world()
    gun = gun_of(world)

    def now_s() -> float:
        return 1_800_000_000.25 + world.now_us / 1e6

    offset = gun.clock(now_s)
    core = core_of(world)
    assert abs(core.clock.unix_s() - now_s()) * 1000 <= core.clock.quality_ms
    assert abs(offset.offset_ms + gun.status().at_ms - now_s() * 1000) <= offset.quality_ms + 50
    assert gun.offset(now_s).offset_ms == pytest.approx(offset.offset_ms, abs=50)


def test_the_clock_is_set_over_a_bad_link_too():
    world = idle_world()
    gun_of(world, 5).clock(lambda: 1_800_000_000 + world.now_us / 1e6)
    core = core_of(world)
    now_s = 1_800_000_000 + world.now_us / 1e6
    assert abs(core.clock.unix_s() - now_s) * 1000 <= core.clock.quality_ms + 1_000

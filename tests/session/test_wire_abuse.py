"""What a link may do to the gun: noise, floods, silence. It never moves, and answers afterwards."""

import binascii
import json
import random

import pytest

from mesofw.core import wire
from mesosim.link import Faulty
from mesosim.port import WorldPort
from tests.session.layers import LAYERS, example, gun_of, idle, operator_of, world_on


def request(name, seq=1, session="abc", credit=4096, **arguments):
    return wire.encode({"s": session, "i": seq, "c": credit, "r": name, "a": arguments})


HELLO = request("hello", 0, protocol=wire.PROTOCOL)
ABUSE = {
    "noise": random.Random(5).randbytes(5_000),
    "half a line": HELLO[:30],
    "100 kB without a newline": b"x" * 100_000,
    "100 kB of braces": b"{" * 100_000 + b"\n",
    "a wrong checksum": HELLO[:-3] + b"00\n",
    "a wrong version": request("hello", 0, protocol=99),
    "no session": request("status", 5, session="other"),
    "an unknown request": HELLO + request("fire"),
    "a request with wrong arguments": HELLO + request("begin", sha256=5, length=-1, more=[]),
    "a number as a session": b'{"s":5,"i":1,"c":10,"r":"status"}*00000000\n',
    "deep nesting": wire.encode({"s": "abc", "i": 1, "c": 9, "r": "x", "a": 0})
    + b"[" * 400
    + b"*%08x\n" % binascii.crc32(b"[" * 400),
    "data out of nowhere": HELLO + b'{"s":"abc","o":0,"d":"AAAA"}*00000000\n',
    "a traceback": b"Traceback (most recent call last):\n  File x\nValueError: y\n",
    "an interrupt byte": b"\x03\x04" * 50,
    "commit without an upload": HELLO + request("commit", sha256="00" * 32),
    "pull of what is not held": HELLO + request("pull", first=900_000, count=5),
    "negative credit": HELLO + wire.encode({"s": "abc", "i": 1, "c": -5, "r": "status", "a": {}}),
}


@pytest.mark.parametrize("layer", LAYERS)
def test_abuse_moves_nothing_and_the_next_good_request_works(layer, tmp_path):
    with world_on(layer, tmp_path) as world:
        idle(world)
        steps = world.plant.step_counts()
        for name, data in ABUSE.items():
            port = WorldPort(world)
            port.write(data + b"\n")
            world.run_for(100_000)
            port.read(0.01)
            assert gun_of(world).status().state == "idle", name
            assert not world.board.errors, name
            assert world.plant.step_counts() == steps, name


@pytest.mark.parametrize("layer", LAYERS)
def test_repeats_get_the_stored_reply_and_older_requests_are_refused(layer, tmp_path):
    with world_on(layer, tmp_path) as world:
        idle(world)
        port = WorldPort(world)

        def ask(line):
            port.write(line)
            world.run_for(20_000)
            return port.read(0.1)

        ask(HELLO)
        first = ask(request("status", 7))
        world.run_for(1_000_000)
        assert ask(request("status", 7)) == first
        refused = json.loads(ask(request("status", 6)).rpartition(b"*")[0])
        assert refused["no"]["code"] == 106


@pytest.mark.parametrize("layer", LAYERS)
def test_a_host_that_never_reads_stops_nothing(layer, tmp_path):
    program = example("papules")
    with world_on(layer, tmp_path) as world:
        idle(world)
        gun_of(world).load(program.text)
        port = WorldPort(world)
        port.write(request("hello", 0, "silent", protocol=wire.PROTOCOL))
        world.board.host_reads = False
        for seq in range(1, 200):
            port.write(request("pull", seq, "silent", 1 << 20, first=1, count=100))
        operator_of(world, program).session()
        assert world.view.shots == program.shots
        world.board.host_reads = True
        world.board.to_host.clear()
        assert gun_of(world).status().shots == program.shots


@pytest.mark.parametrize("layer", LAYERS)
def test_the_gun_writes_only_within_the_credit(layer, tmp_path):
    with world_on(layer, tmp_path) as world:
        idle(world)
        port = WorldPort(world)
        port.write(request("hello", 0, credit=100, protocol=wire.PROTOCOL))
        world.run_for(1_000_000)
        assert len(world.board.to_host) == 100


@pytest.mark.parametrize("layer", LAYERS)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_link_that_fails_one_line_in_ten_still_loads_and_pulls_exactly(layer, seed, tmp_path):
    program = example("face-nappage")
    share = 0.025
    with world_on(layer, tmp_path) as world:
        idle(world)
        to_gun = Faulty(seed, share, share, share, share)
        to_host = Faulty(-seed, share, share, share, share)
        gun = gun_of(world, to_gun, to_host)
        assert gun.load(program.text).sha256 == program.sha256
        operator_of(world, program).session()
        raw = list(gun.pull(1))
        assert to_gun.faults + to_host.faults > 5
        assert raw == list(gun_of(world).pull(1))
        assert sum(1 for record in raw if record[6] == 1) == program.shots

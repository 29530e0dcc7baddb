"""An engineer at the bench gun: the key, the press that allows what is asked, single motions."""

import binascii

from mesofw.core import keyed, states
from mesofw.core.slots import FileSlots
from tests.core.support.bench import Bench
from tests.core.support.host import Host
from tests.core.support.program import program_text, provision

KEY = bytes(range(32))
OTHER = bytes(32)
# A knob's contacts have settled, and a line has been read.
SOON_US = 100_000


def idle(text=None):
    """(bench, host) of an idle gun that holds a key, with a session said hello to."""
    bench = Bench()
    provision(bench, program_text() if text is None else text)
    FileSlots(bench, "key").store(binascii.hexlify(KEY))
    return bench, at_idle(bench)


def at_idle(bench):
    """Switch the gun on and say hello once it is idle."""
    bench.on()
    bench.until(states.IDLE)
    host = Host(bench)
    host.hello()
    return host


def ask(host, key=KEY):
    """Ask for calibrating under a key; the reply comes once it is answered at the gun."""
    challenge = host.ask("challenge")["challenge"]
    signed = keyed.hmac(key, keyed.signed(challenge, "calibrate", ""))
    host.send("calibrate", mac=binascii.hexlify(signed).decode())


def calibrating(text=None):
    """(bench, host) of a gun that takes motions from its host."""
    bench, host = idle(text)
    enter(bench, host)
    return bench, host


def enter(bench, host):
    """Ask, and allow it at the gun."""
    ask(host)
    assert host.answer(SOON_US) is None
    bench.click()
    assert "ok" in host.answer()
    assert bench.gun.state == states.CALIBRATING


def act(host, do, **arguments):
    """The reply to an act of the bench that is carried out, however long it takes."""
    host.send("bench", do=do, **arguments)
    message = host.answer(400_000_000)
    assert message is not None, do
    assert "ok" in message, message
    return message["ok"]


def begin(host, do, after_us=20_000, **arguments):
    """An act is under way for `after_us`."""
    host.send("bench", do=do, **arguments)
    assert host.answer(after_us) is None


def refused(host, do, **arguments):
    """(code, what is allowed) of an act that is refused."""
    host.send("bench", do=do, **arguments)
    message = host.answer()
    assert message is not None, do
    assert "no" in message, message
    return message["no"]["code"], message["no"]["allowed"]

"""The shell: what is typed, what is sent, what is printed."""

import io

import pytest
from benches import idle_world
from test_cli_gun import port as port  # a served gun, by its environment variable
from test_cli_gun import world as world

from mesofw.core import errors
from mesohost import cli, rawlines
from mesohost.cli import shell
from mesohost.cli.exits import Exit
from mesohost.exchange import Exchange
from mesohost.port import Port
from mesohost.troubles import PortTrouble, Trouble
from mesosim.port import WorldPort


@pytest.mark.parametrize(
    ("line", "read"),
    [
        ("status", ("status", {})),
        ("  pull first=1 count=20 ", ("pull", {"first": 1, "count": 20})),
        ("record record=settings", ("record", {"record": "settings"})),
        # What a request takes as text stays one, also of digits.
        ("begin sha256=0123 length=5", ("begin", {"sha256": "0123", "length": 5})),
        ('unheard of="a text" n=-3', ("unheard", {"of": "a text", "n": -3})),
        ('pull {"first": 1, "count": 2}', ("pull", {"first": 1, "count": 2})),
        ('{"r": "pull", "a": {"first": 1}}', ("pull", {"first": 1})),
        ('{"r": "status"}', ("status", {})),
    ],
)
def test_a_line_is_read_in_each_way_of_writing_it(line: str, read: tuple[str, dict[str, object]]):
    assert rawlines.read(line) == read


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("pull first", "key=value"),
        ("pull =1", "key=value"),
        ('pull first="1', "close the quotes"),
        ("{", "write it as"),
        ('{"a": {}}', "write it as"),
        ('{"r": "pull", "a": [1]}', "write it as"),
        ("pull {1}", "write it as"),
    ],
)
def test_what_is_no_request_is_told_with_how_to_write_one(line: str, said: str):
    with pytest.raises(Trouble) as told:
        rawlines.read(line)
    assert said in str(told.value)


def served(port: Port, *lines: str) -> Exit:
    return shell.serve(Exchange(port), iter(lines))


def test_replies_are_printed_with_their_units_and_meanings(capsys: pytest.CaptureFixture[str]):
    world = idle_world()
    assert served(WorldPort(world), "# what it sees", "", "inputs", "status") == Exit.FINE
    lines = capsys.readouterr().out.splitlines()
    assert f"supply_mv       {world.plant.supply_mv}  (24.014 V)" in lines
    assert "switches        192  (carriage_home, plunger_home)" in lines
    assert "state       idle" in lines
    world.plant.set_stop(1)
    world.touch()
    world.run_for(1_000_000)
    served(WorldPort(world), "status")
    assert "401  (estop: the emergency stop was pressed)" in capsys.readouterr().out


def test_a_refusal_is_printed_with_its_meaning_and_the_others_go_on(
    capsys: pytest.CaptureFixture[str],
):
    lines = ("pull first=99 count=1", "nope", "clock unix_s=1", "hello protocol=1")
    assert served(WorldPort(idle_world()), *lines) == Exit.REFUSED
    told = capsys.readouterr().out
    assert (
        "refused, 306: the gun refuses pull: the gun does not hold that record (not_held)" in told
    )
    assert "to do: ask for one that it holds" in told
    assert "refused, 104:" in told
    assert "at: a.unix_s" in told
    assert "protocol           1" in told


def test_lines_of_data_are_printed_before_the_reply(capsys: pytest.CaptureFixture[str]):
    assert served(WorldPort(idle_world()), "pull first=1 count=1") == Exit.FINE
    first, *others = capsys.readouterr().out.splitlines()
    assert first.startswith("data 1: 96 bytes, 01000000")
    assert others[0] == "next  2"


def test_quit_ends_it_and_what_follows_is_not_sent(capsys: pytest.CaptureFixture[str]):
    assert served(WorldPort(idle_world()), "quit", "status") == Exit.FINE
    assert not capsys.readouterr().out


def test_a_link_that_is_lost_ends_it():
    class Gone(WorldPort):
        def read(self, timeout_s: float) -> bytes:  # noqa: ARG002
            raise PortTrouble("the connection is lost")

    with pytest.raises(PortTrouble):
        served(Gone(idle_world()), "status")


def test_help_lists_all_requests_and_tells_of_one():
    whole = "\n".join(rawlines.help_of(""))
    for name in rawlines.names():
        assert f"  {name} " in f"{whole} " or f"  {name}\n" in whole
    assert rawlines.help_of("status") == ["status: no arguments"]
    told = rawlines.help_of("stage")
    assert told[0] == "stage:"
    assert any("value" in line and "0 to 1073741823" in line for line in told)


@pytest.mark.parametrize("word", ["408", "occlusion"])
def test_help_tells_of_an_error_by_code_or_name(word: str):
    cause, remedy = rawlines.help_of(word)
    assert cause == f"408 occlusion: {errors.cause(errors.OCCLUSION)}"
    assert errors.remedy(errors.OCCLUSION) in remedy


def test_help_of_nothing_there_is_names_the_nearest():
    assert "did you mean status?" in rawlines.help_of("statu")[0]
    assert "help alone" in rawlines.help_of("qqqq")[0]


def test_the_tab_key_completes_names_and_arguments():
    assert rawlines.completions("st", "st") == ["stage ", "status ", "store "]
    assert rawlines.completions("help re", "re") == ["record"]
    assert rawlines.completions("pull ", "") == ["first=", "count="]
    assert rawlines.completions("pull first=1 ", "") == ["count="]
    assert rawlines.completions("nope ", "") == []


@pytest.mark.usefixtures("port")
def test_without_a_terminal_lines_come_from_standard_input(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr("sys.stdin", io.StringIO("status\nnope\nhelp 301\n"))
    assert cli.run(["shell"]) == Exit.REFUSED
    told = capsys.readouterr().out
    assert "state       idle" in told
    assert "refused, 104" in told
    assert "301 not_now" in told

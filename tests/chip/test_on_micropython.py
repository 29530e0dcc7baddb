"""The same modules on MicroPython: the same words, and nothing allocated from shot to shot."""

import json
import os
import subprocess
from pathlib import Path

from mesofw.board.pulses import Pulses
from tests import needs
from tests.chip.emulated import EmulatedChip
from tests.chip.moves import shot
from tests.session.layers import ROOT

SCRIPT = Path(__file__).with_name("on_micropython.py")


def test_the_words_are_the_same_and_shots_allocate_nothing():
    command = [*needs.micropython(), str(SCRIPT)]
    paths = os.environ | {"MICROPYPATH": f"{ROOT}:{ROOT / 'firmware'}"}
    ended = subprocess.run(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=paths,
        timeout=20,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout.decode()
    told = [json.loads(line) for line in ended.stdout.decode().splitlines()]
    chip = EmulatedChip()
    table = shot()
    Pulses(chip).load(table.segments, table.phases, table.count)
    assert told[0] == list(chip.buffers[0])
    assert told[1:] == [0] * 6

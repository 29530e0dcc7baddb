"""The whole story with the commands a user types: check, rehearse, load, session, pull, report.

The gun is the virtual one; its firmware runs on MicroPython in a process of its own, and an
operator's hands carry out the session twenty times faster than real time. Run it with `make demo`.
"""

import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
PROGRAM = HERE / "face-nappage.toml"
HANDS = HERE / "scenarios" / "face-nappage.toml"
OUT = Path("build") / "demo"
MESOGUN = [sys.executable, "-m", "mesohost"]


def say(text: str) -> None:
    """A heading."""
    print(f"\n== {text}", flush=True)


def run(*arguments: object) -> None:
    """Show a command and run it; the demo ends where one fails."""
    words = [str(argument) for argument in arguments]
    print("$ mesogun " + " ".join(words), flush=True)
    ended = subprocess.run([*MESOGUN, *words], check=False)
    if ended.returncode:
        sys.exit(f"the demo ends here: exit code {ended.returncode}")


def main() -> None:
    """From the program file to the report."""
    OUT.mkdir(parents=True, exist_ok=True)
    # The virtual gun is a new one each time: what an earlier one left is not its own.
    shutil.rmtree(OUT / "archive", ignore_errors=True)
    program = PROGRAM.relative_to(Path.cwd()) if PROGRAM.is_relative_to(Path.cwd()) else PROGRAM
    say("A program file is checked: nothing reaches a gun that has a fault")
    run("check", program)
    say("It is rehearsed: the firmware's own logic on a virtual gun, shot by shot")
    run("rehearse", program, "--picture", OUT / "rehearsal.svg")
    say("A virtual gun is switched on; its firmware runs on MicroPython")
    arguments = ["sim", "--pace", "20", "--scenario", str(HANDS)]
    print("$ mesogun " + " ".join(arguments) + " &", flush=True)
    with subprocess.Popen([*MESOGUN, *arguments], stdout=subprocess.PIPE, text=True) as gun:
        try:
            if gun.stdout is None or not (line := gun.stdout.readline()):
                sys.exit("the demo ends here: the virtual gun did not start")
            print(line, end="", flush=True)
            session(program, line.split()[-1])
        finally:
            gun.terminate()


def session(program: Path, port: str) -> None:
    """Load, follow, pull and report over `port`."""
    archive = OUT / "archive"
    say("The program is loaded; the operator confirms it on the gun")
    run("load", program, "--port", port)
    say("The session runs; the host only watches")
    run("watch", "--port", port)
    say("The shot log is pulled, its chain verified, and the gun told that it is kept")
    run("pull", "--port", port, "--archive", archive)
    say("Planned against done")
    report = OUT / "report.html"
    run("report", "--archive", archive, "--program", program, "--out", report)
    say(f"Look at {report} and {OUT / 'rehearsal.svg'}")


if __name__ == "__main__":
    main()

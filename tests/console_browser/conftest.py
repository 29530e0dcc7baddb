"""The console in a real browser: `make console-test`. Not part of a plain run of all tests."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parent


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:  # noqa: ARG001
    """Collected only where this folder, or a file in it, is named."""
    named = [Path(str(one).split("::")[0]).resolve() for one in config.args]
    asked = any(one == FOLDER or FOLDER in one.parents for one in named)
    return None if asked else True


def _missing(what: str) -> None:
    if os.environ.get("CI") == "true":
        pytest.fail(what)
    pytest.skip(what)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """A browser: Debian's chromium, or the one that MESOGUN_CHROMIUM names."""
    try:
        from playwright.sync_api import sync_playwright
    except ModuleNotFoundError:
        _missing("playwright is missing: python -m pip install 'mesogun[console-test]'")
    path = os.environ.get("MESOGUN_CHROMIUM") or shutil.which("chromium")
    if not path:
        _missing("chromium is missing: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path)
        yield browser
        browser.close()

"""Tests of the console without a browser need its extra."""

import importlib.util
import os

import pytest

if importlib.util.find_spec("nicegui") is None and os.environ.get("CI") != "true":
    pytest.skip("nicegui is missing: python -m pip install 'mesogun[console]'",
                allow_module_level=True)  # fmt: skip

"""Tests that run on MicroPython only: what they look at needs its `framebuf` or `uctypes`."""

"""The board interface on a Raspberry Pi Pico."""

"""The board interface on a Raspberry Pi Pico, part by part."""

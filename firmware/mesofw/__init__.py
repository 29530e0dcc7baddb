"""The gun's firmware: `core` decides, `board` does."""

VERSION = "0.1.0"

"""The project's figures, measured beside their peers: `python -m tests.bench [NAME…]`."""

"""`python -m mesohost` is the command `mesogun`."""

from mesohost.cli import main

if __name__ == "__main__":
    main()

"""What runs on the MicroPython side: the firmware's board, and the program that steps it."""

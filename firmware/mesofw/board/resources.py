"""What of the RP2040 each part uses: state machines, instructions, flags, DMA channels, pins.

The only place that says so; a test holds it true. State machine, flags and slots count from 0
within their PIO block. What MicroPython itself takes it takes from the other end: a program of
`rp2.StateMachine` from slot 31 downwards, `machine.SPI` the lowest two free DMA channels.
"""

from mesofw.board import pins, pio_programs
from mesofw.core.door import CARRIAGE, PLUNGER

# PIO block, first slot, words.
STEPPER = (0, 0, pio_programs.STEPPER)
QUADRATURE = (1, 0, pio_programs.QUADRATURE)
COUNTER = (1, 22, pio_programs.COUNTER)
PROGRAMS = (STEPPER, QUADRATURE, COUNTER)

# (PIO block, state machine, DMA channel, pins) by axis. STEP comes before DIR, A before B.
PULSES = (
    (0, 0, 6, (pins.CARRIAGE_STEP, pins.CARRIAGE_DIR)),
    (0, 1, 7, (pins.PLUNGER_STEP, pins.PLUNGER_DIR)),
)
COUNTS = (
    (1, 0, 8, (pins.CARRIAGE_A, pins.CARRIAGE_B)),
    (1, 1, 9, (pins.PLUNGER_A, pins.PLUNGER_B)),
)
STEPS = (
    (1, 2, 10, (pins.CARRIAGE_STEP, pins.CARRIAGE_DIR)),
    (1, 3, 11, (pins.PLUNGER_STEP, pins.PLUNGER_DIR)),
)
AXES = (CARRIAGE, PLUNGER)

# Flags of PIO block 0: the end marks of the phases, the go for each axis.
MARKS = 6
GO = (6, 7)

# The drivers' one-wire UART: PIO block, state machine, slots, pin; it needs no DMA and no flag.
DRIVER_UART = (0, 2, 14, pins.DRIVER_UART)

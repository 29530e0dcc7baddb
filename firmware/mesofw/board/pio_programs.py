"""The PIO programs, assembled, each word with its source.

A program stands at a fixed place of its PIO block (`resources`), so its jumps are absolute.
"""

# Pulses of one axis. STEP is the side-set pin, STEP and DIR are the set pins. The stream's
# half-words are instructions, which `out exec` runs one after the other, until one jumps to
# `segment`; then follow the pulses (16 bits) and the wait before each (32 bits). From a rising edge
# to `loop` there are 48 cycles, 32 of them high, whether the segment goes on or the next begins:
# the jump to `segment` has the delay that this takes. No pulses make a pause.
STEPPER = (
    0x6130,  # segment: out x, 16 side 0 [1]
    0x60C0,  # out isr, 32 side 0
    0xA046,  # loop: mov y, isr side 0
    0x0083,  # wait: jmp y--, wait side 0
    0x0046,  # jmp x--, edge side 0
    0x60F0,  # next: out exec, 16 side 0
    0xBF42,  # edge: mov y, y side 1 [15]
    0x1F25,  # jmp !x, next side 1 [15]
    0x0F02,  # jmp loop side 0 [15]
)
STEPPER_SEGMENT = 0
STEPPER_NEXT = 5

# Counts of one encoder: y counts down with each count forwards (A leads B), x with each backwards,
# and both are pushed with each change. ISR is where the pins were and are, B A B A, and
# the place to go on at; OSR keeps where they were. A jump that both pins make at once is not
# counted. Neither x nor y gets to 0 (`witness` sees to it), so their jumps are always taken.
QUADRATURE = (
    0x0012,  # jmp sample
    0x0090,  # jmp y--, push
    0x0050,  # jmp x--, push
    0x0012,  # jmp sample
    0x0050,  # jmp x--, push
    0x0012,  # jmp sample
    0x0012,  # jmp sample
    0x0090,  # jmp y--, push
    0x0090,  # jmp y--, push
    0x0012,  # jmp sample
    0x0012,  # jmp sample
    0x0050,  # jmp x--, push
    0x0012,  # jmp sample
    0x0050,  # jmp x--, push
    0x0090,  # jmp y--, push
    0x0012,  # jmp sample
    0x4020,  # push: in x, 32
    0x4040,  # in y, 32
    0x60C2,  # sample: out isr, 2
    0x4002,  # in pins, 2
    0xA0E6,  # mov osr, isr
    0xA0A6,  # mov pc, isr
)
QUADRATURE_SAMPLE = 18

# Counts of the pulses that one axis was given, in the same way, from slot 22 on: STEP is the in
# pin, DIR the jmp pin.
COUNTER = (
    0x2020,  # begin: wait 0 pin 0
    0x20A0,  # wait 1 pin 0
    0x00DA,  # jmp pin, forward
    0x005B,  # jmp x--, push
    0x009B,  # forward: jmp y--, push
    0x4020,  # push: in x, 32
    0x4040,  # in y, 32
)

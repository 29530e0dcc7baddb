"""The interrupts of trigger and stop: one starts the loaded pulses, the other freezes what runs,
whatever Python is busy with just then.

They run between any two bytes of Python, so they allocate nothing and do as little as starts or
ends a motion. What they found is looked at afterwards.
"""

from mesofw.board import pins, registers

_GPIO_IN = 0xD0000004
# Outlives a watchdog's reset, but neither power-on nor the RUN pin's (RP2040 data sheet, 4.7).
_SCRATCH = 0x4005800C
_STARTED = 0x0F17ED5B
# All three pulled down: trigger and contact closed, stop not pressed. What is read is below 2³⁰.
_OPEN = 1 << pins.TRIGGER | 1 << pins.CONTACT | 1 << pins.STOP


class Trigger:
    """`armed` lets the trigger's next closing start what `pulses` have loaded; `fired` says that it
    did. `fired_before`: it had when the watchdog ended the run before."""

    def __init__(self, pulses, pin):
        window = pulses.chip.window
        self._pulses = pulses
        self._channels = 0
        self._start = window(registers.DMA_BASE + 4 * registers.MULTI_CHAN_TRIGGER, 1)
        self._pins = window(_GPIO_IN, 1)
        self._open = _OPEN
        self._scratch = window(_SCRATCH, 1)
        self.fired_before = self._scratch[0] == _STARTED
        self.armed = False
        self.fired = False
        pin.irq(self.closes, pin.IRQ_FALLING, hard=True)

    def arm(self, armed: bool) -> None:
        """Forget what was started; `armed`, the trigger's next closing starts what is loaded."""
        self.armed = False
        self.fired = False
        self._scratch[0] = 0
        if armed:
            self._channels = self._pulses.prepare()
            self.armed = True

    def closes(self, _pin) -> None:
        """The trigger's pin fell. A glitch that is over within 10 µs starts nothing."""
        if not self.armed:
            return
        now = self._pins
        mask = self._open
        if now[0] & mask or now[0] & mask or now[0] & mask:
            return
        self._start[0] = self._channels
        self.armed = False
        self.fired = True
        self._scratch[0] = _STARTED


class Stop:
    """`times` counts presses; each freezes the pulses until `Pulses.stop` makes them ready anew."""

    def __init__(self, pulses, pin):
        self._off = pulses.chip.window(pulses.off_address, 1)
        self._machines = pulses.machines
        self._pins = pulses.chip.window(_GPIO_IN, 1)
        self._pressed = 1 << pins.STOP
        self.times = 0
        pin.irq(self.opens, pin.IRQ_RISING, hard=True)

    def opens(self, _pin) -> None:
        """The stop's pin rose. A glitch that is over within 10 µs freezes nothing."""
        now = self._pins
        mask = self._pressed
        if now[0] & mask and now[0] & mask and now[0] & mask:
            self._off[0] = self._machines
            self.times += 1

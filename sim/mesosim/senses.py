"""What the firmware sees of the plant: pins, counters, encoders, force, supply, temperature."""

from typing import TYPE_CHECKING

from mesofw.core.door import Inputs

if TYPE_CHECKING:
    from mesosim.plant import Plant


def sample(plant: "Plant", inputs: Inputs) -> None:
    """Fill in what the board's pins, counters and converters say now."""
    edge_um = plant.truth.switch_um
    carriage, plunger = plant.axes
    carriage_um, inputs.carriage_steps, inputs.carriage_counts = carriage.seen()
    if plant.returning:
        carriage_um = plant.carriage_um()
        inputs.carriage_counts = carriage.counts(carriage_um)
    plunger_um, inputs.plunger_steps, inputs.plunger_counts = plunger.seen()
    cartridge = plant.cartridge
    inputs.trigger = plant.trigger
    inputs.pedal = plant.pedal
    inputs.press = plant.press
    inputs.turns = plant.turns
    inputs.contact = plant.contact
    inputs.seated = 1 if cartridge.seated else 0
    inputs.stop = plant.stop
    inputs.carriage_home = 1 if carriage_um <= edge_um else 0
    inputs.plunger_home = 1 if plunger_um <= edge_um else 0
    inputs.phases_done = plant.phases_done
    inputs.fired = plant.arming.fired
    inputs.faulty = plant.faulty
    force_mn = inputs.force_mn = round(cartridge.force_mn())
    peak_mn = round(cartridge.peak_mn)
    inputs.force_peak_mn = peak_mn if peak_mn > force_mn else force_mn
    inputs.supply_mv = plant.supply_mv
    inputs.temperature_dc = plant.temperature_dc + plant.drivers.rise_dc(plant.now_us)
    if plant.stuck:
        for name, value in plant.stuck.items():
            setattr(inputs, name, value)

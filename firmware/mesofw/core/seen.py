"""What the gun sees of its board just now, as the wire tells it. Read in for one use (`aside`)."""

# In the order of their bits.
SWITCHES = (
    "trigger", "pedal", "press", "contact", "seated", "stop", "carriage_home", "plunger_home",
)  # fmt: skip


def sample(gun, stall: list, ms: int) -> dict:
    """The fields of a reply; `stall` and `ms` are of what was done last on the bench."""
    inputs = gun.inputs
    switches = 0
    for place in range(len(SWITCHES)):
        switches |= getattr(inputs, SWITCHES[place]) << place
    return {
        "steps": [inputs.carriage_steps, inputs.plunger_steps],
        "counts": [inputs.carriage_counts, inputs.plunger_counts],
        "force_mn": inputs.force_mn,
        "peak_mn": inputs.force_peak_mn,
        "switches": switches,
        "turns": inputs.turns,
        "supply_mv": inputs.supply_mv,
        "temperature_dc": inputs.temperature_dc,
        "faulty": inputs.faulty,
        "stall": stall,
        "ms": ms,
        "at_ms": gun.clock.at_ms,
    }

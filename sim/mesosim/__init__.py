"""The virtual gun that stands in for the hardware."""

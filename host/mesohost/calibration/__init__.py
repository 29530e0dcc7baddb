"""Calibration at the bench: what is weighed and measured, what follows from it, what is kept."""

"""Hazards, requirements and the tests that verify them: what `docs/safety` holds, held together."""

"""Seeded defects: each safety requirement names one, and its own tests must find it."""

"""What `watched` notes after each step, as 32-bit numbers, for both ends."""

NAMES = (
    "state", "trouble", "zone", "zone_left", "shots", "given_nl", "left_nl", "last",
    "steps", "step_us", "step_max_us", "step_max_state", "words_at", "words_halves", "tested_us",
    "asks", "alloc_b", "alloc_max_b", "alloc_shots", "late_us",
)  # fmt: skip

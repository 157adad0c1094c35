"""How often a window does what is not drawing."""

ALIVE_EVERY = 2.0
"""Seconds between two signs of life to the launcher."""

TICK_EVERY = 0.25
"""Seconds between two looks at the idle clock."""

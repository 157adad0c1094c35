"""Ways to a device's bytes, each with one error for "the line is gone"."""

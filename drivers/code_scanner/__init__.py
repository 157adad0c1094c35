"""Handheld code scanner: one code a line, over a serial line or as the keys of a keyboard."""

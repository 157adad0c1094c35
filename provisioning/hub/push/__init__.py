"""Telling displays, consoles, touchpads and phones what has changed, by server-sent events."""

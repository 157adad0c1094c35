"""The whole terminal as a person meets it: real window, real touches, real programs side by side."""

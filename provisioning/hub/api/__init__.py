"""The hub's published contract over HTTP."""

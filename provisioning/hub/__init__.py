"""The hub: the court backend's published contract and its reference implementation."""

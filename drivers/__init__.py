"""The device daemon: the only program that touches devices. It has no network, no keys and no database."""

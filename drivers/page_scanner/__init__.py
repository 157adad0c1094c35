"""Flatbed and feeder scanners through SANE, eSCL (AirScan) among them."""

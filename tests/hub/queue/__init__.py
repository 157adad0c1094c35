"""The queue engine: issuing, calling, windows, leases, appointments and waiting times."""

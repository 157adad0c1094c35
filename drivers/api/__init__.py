"""What the other programs may know of devices: status unions, socket messages and their framing.

This package imports nothing of ours. Every device class has a closed status union with an Unknown member:
a status is told by the device or it is unknown, never guessed.
"""

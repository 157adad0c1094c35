"""The rating touchpad's screens."""

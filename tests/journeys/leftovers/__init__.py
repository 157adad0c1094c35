"""A whole scanning session of real processes on a machine whose every file is watched (N5)."""

"""The litigant's window: one process for one person, gone with all its memory when the session ends."""

"""One person's session: the single owner of everything personal, and the rules of when it ends."""

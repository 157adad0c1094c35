"""What was read on a person's papers, offered where it could fill a field; only the person fills it in."""

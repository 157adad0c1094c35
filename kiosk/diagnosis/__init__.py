"""What `court-kiosk doctor` looks at: each part of a terminal, what is wrong with it, and what to do about that."""

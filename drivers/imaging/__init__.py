"""Pages in pictures: found, measured, judged and laid flat; pure functions, for every device that sees paper."""

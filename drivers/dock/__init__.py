"""The dock drives all simulators: insert a card, run out of paper, pull the cable."""

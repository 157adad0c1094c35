"""One matter, one rating (一事一评、一案一评): invitations, answers, follow-ups of bad ratings, reports, export."""

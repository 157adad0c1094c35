"""Drafts that are kept sealed and taken up again elsewhere by their code (S0-32)."""

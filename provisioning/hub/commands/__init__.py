"""The commands of `court-hub`, by what they are about."""

"""Matters that could not be got done (办不成事反映), and the roster of leaders on duty (带班院领导)."""

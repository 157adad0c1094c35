"""The terminal's journal: append-only, hash-chained, exportable (N2)."""

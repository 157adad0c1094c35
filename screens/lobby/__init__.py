"""The lobby terminal's screens: one module per topic, each a skin over one or a few stages of the flow."""

"""The terminal's configuration: one TOML file, typed, with every default a development terminal needs."""

"""The clerks' console in the browser: rendered on the server, no script, no foreign asset, Chinese and English."""

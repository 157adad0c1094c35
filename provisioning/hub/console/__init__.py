"""The staff's console in the browser: rendered on the server, no foreign asset, Chinese and English. One small script
keeps the calling pages up to date; they work without it."""

"""The court backend's published contract, and the terminal's side of it: signing, sealing, the HTTP client."""

"""What a journey produces: the papers, the envelope, the slip, and the complete list of what is still missing."""

"""The outbox: every filing is durable here before anything says "received", and stays until the court has it safe."""

"""The appliance without pixels and wires: everything that decides a journey, and the agent that outlives it."""

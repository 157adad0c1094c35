"""What happens on the terminal, as a pure function: `transition(journey, event, knowledge) -> (journey, effects)`.

Screens turn a Journey into widgets and touches into events; the runtime runs the effects and turns their results into
events. Nothing here draws, waits or touches a device.
"""

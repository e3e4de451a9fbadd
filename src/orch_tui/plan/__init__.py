"""The plan as data and the readers that make it from text: pure."""

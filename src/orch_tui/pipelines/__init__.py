"""Questions put to a model in one call, and the reading of its answers; each in a process of its own."""

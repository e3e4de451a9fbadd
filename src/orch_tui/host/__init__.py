"""The session host: one process per attempt that owns the agent's pipes."""

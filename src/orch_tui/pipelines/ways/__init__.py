"""Ways to ask: one module per service or program. `choosing` finds the one to use; nothing else names one."""

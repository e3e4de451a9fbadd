"""The runner: one process per run that decides, dispatches, merges and journals."""

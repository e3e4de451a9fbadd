"""Pull requests: small programs that phases of workflows run. `python -m orch_tui.forge`, as `orch-forge` in `run`."""

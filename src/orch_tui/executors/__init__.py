"""Where a session host runs; `base` has the interface, `local` this machine."""

"""`python -m orch_tui`: the same as the program `orch-tui`."""

from __future__ import annotations

import sys

from orch_tui.main import main

if __name__ == "__main__":
    sys.exit(main())

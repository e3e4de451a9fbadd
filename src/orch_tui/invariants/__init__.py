"""What always holds, as code: of a state, of a journal, of a state directory (`table.py` lists all of it).

`guard.py` looks before every event of the running engine; the rest is for `doctor`, for campaigns and for tests.
"""

from orch_tui.invariants.directory import of_directory
from orch_tui.invariants.history import of_history
from orch_tui.invariants.state import of_state
from orch_tui.invariants.violation import Violation

__all__ = ["Violation", "of_directory", "of_history", "of_state"]

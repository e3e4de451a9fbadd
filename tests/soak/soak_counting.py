"""A runner that counts what it keeps when its run is through: `python soak_counting.py PLACE STEPS`."""

from __future__ import annotations

import asyncio
import gc
import json
import os
import sys
import threading
from collections import Counter
from pathlib import Path
from typing import Any

from orch_tui.core.run_events import Settings
from orch_tui.engine.machine import Machine
from orch_tui.engine.runner import serve
from orch_tui.store.record import Record
from orch_tui.store.writer import Writer
from orch_tui.testing.stage import Stage, StageClock

SECTIONS = 8


class Counting(Writer):
    """Tells what there is when the run is finished: objects by type, tasks, open files, threads."""

    def append(self, items: Any, *, v: int = 1) -> list[Record]:
        """See Writer."""
        records = super().append(items, v=v)
        if any(record.type == "RunFinished" for record in records):
            gc.collect()
            kinds = Counter(type(one).__name__ for one in gc.get_objects())
            kept = {"tasks": len(asyncio.all_tasks()), "files": len(list(Path("/proc/self/fd").iterdir()))}
            told = {**kept, "threads": threading.active_count(), "seq": records[-1].seq, "objects": kinds}
            sys.stdout.write(json.dumps(told) + "\n")
        return records


def main() -> int:
    """Entry point."""
    place, steps = Path(sys.argv[1]), int(sys.argv[2])
    text = "# Plan\n\n" + "".join(f"## Section S{n}: Part {n}\nDependencies: none\n\n" for n in range(SECTIONS))
    (place / ".orch").mkdir(mode=0o700, parents=True)
    be = json.dumps({"steps": steps, "writes": False})
    (place / ".orch" / "config.yaml").write_text(f"workflow: minimal\nagents: {{simulated: {be}}}\n")
    clock = StageClock(Machine().clock.wall() - 10)
    stage = Stage(root=place, text=text, settings=Settings(agent="simulated", isolation="none"), clock=clock)
    stage.approve()
    return serve(stage.run, dict(os.environ), Machine(writer=Counting))


if __name__ == "__main__":
    sys.exit(main())

"""What a runner keeps does not grow with what happens, but for what the state needs; `make soak` is the long form."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from soak_sampling import Sample, at, slope

HERE = Path(__file__).parent


def counted(place: Path, steps: int) -> dict[str, Any]:
    """What a runner tells that it keeps at the end of a run whose sections have so many steps."""
    place.mkdir()
    argv = [sys.executable, HERE / "soak_counting.py", place, str(steps)]
    done = subprocess.run(argv, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[0])


def test_a_runner_keeps_no_object_task_or_file_of_each_event_of_an_attempt(tmp_path: Path):
    few, many = counted(tmp_path / "few", 4), counted(tmp_path / "many", 204)
    more = many["seq"] - few["seq"]
    assert more > 1500
    assert many["tasks"] <= few["tasks"] + 16, "attempts that end in this moment have some"
    assert many["files"] <= few["files"] + 16
    grown = Counter(many["objects"])
    grown.subtract(few["objects"])
    for kind in ("TimerHandle", "Context"):
        grown.pop(kind, None)  # of timers that were cancelled asyncio keeps up to a hundred
    assert sum(grown.values()) < more / 4, {kind: count for kind, count in grown.most_common(8) if count > 0}


def test_a_slope_is_what_each_event_costs_whatever_came_before():
    rest = {"seconds": 0.0, "resident": 0.0, "files": 1, "threads": 1, "below": 0}
    samples = [Sample(seq=seq, own=50.0 if seq < 100 else 60.0 + seq / 1024, **rest) for seq in range(0, 1001, 10)]
    assert round(slope(samples), 6) == 1.0
    assert at(samples, 0.5).seq == 500

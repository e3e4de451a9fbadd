"""`make syscalls`: the i-th call of each kind fails, once and from then on, while a runner recovers and dispatches.

python tests/faults --isolation worktree --seed 1 --count 100
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

if __name__ == "__main__":
    from failing_runs import Killed, environment, faults

    import conftest  # noqa: F401 - nothing of the environment this was started in decides how it ends


def main() -> int:
    """Entry point; 1 when anything was wrong."""
    ask = argparse.ArgumentParser(prog="syscalls", description=__doc__)
    ask.add_argument("--isolation", choices=["none", "worktree"], default="none")
    ask.add_argument("--count", type=int, default=0, help="so many by chance; 0: all of them")
    ask.add_argument("--seed", type=int, default=1)
    given = ask.parse_args()
    with tempfile.TemporaryDirectory(prefix="orch-faults-") as place:
        killed = Killed(Path(place), given.isolation, environment(os.environ))
        counts = killed.counts()
        every = list(faults(counts))
        told = ", ".join(f"{name} {count}" for name, count in counts.items())
        print(f"calls: {told}; {len(every)} faults", flush=True)
        random.Random(given.seed).shuffle(every)
        wrong, began, played = 0, time.monotonic(), Counter[str]()
        for fault in every[: given.count or None]:
            found = killed.play(fault)
            played[fault.call] += 1
            if found:
                wrong += 1
                print(f"{fault}: NOT RIGHT", *found, sep="\n  ", flush=True)
        each = ", ".join(f"{name} {count}" for name, count in played.items())
        print(f"{played.total()} faults in {time.monotonic() - began:.0f} s ({each}): {wrong} not right")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())

"""`make bytes`: every length and every bit of a journal of all event types, and what else can happen to a run's files.

python tests/damage --every 1
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

if __name__ == "__main__":
    from campaign import of_doors, of_flips, of_lengths, prepared

    import conftest  # noqa: F401 - nothing of the environment this was started in decides how it ends


def main() -> int:
    """Entry point; 1 when anything was wrong."""
    ask = argparse.ArgumentParser(prog="bytes", description=__doc__)
    ask.add_argument("--every", type=int, default=1, help="only every so many lengths and bytes")
    ask.add_argument("--doors", type=int, default=200, help="cuts and flips through the real doors")
    ask.add_argument("--seed", type=int, default=1)
    given = ask.parse_args()
    wrong: list[str] = []
    with tempfile.TemporaryDirectory(prefix="orch-bytes-") as place:
        run = prepared(Path(place))
        print(f"a journal of {len(run.lines)} records and {len(run.data)} bytes with every type of event", flush=True)
        for name, play in {
            "lengths, one segment": lambda: of_lengths(run, first=len(run.lines), every=given.every),
            "lengths, two segments": lambda: of_lengths(run, first=len(run.lines) // 2, every=given.every),
            "bits": lambda: of_flips(run, every=given.every, bits=range(8)),
            "doors": lambda: of_doors(run, random.Random(given.seed), given.doors),
        }.items():
            began = time.monotonic()
            tally = play()
            print(f"{name}: {tally} in {time.monotonic() - began:.0f} s", flush=True)
            wrong += tally.wrong
    print("".join(f"  {one}\n" for one in wrong[:50]), end="")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())

"""`make chaos N=500 JOBS=2 SEED=1`: rounds of kills at random moments; each failing one keeps its directory.

python tests/chaos --rounds 500 --jobs 2 --seed 1 --place /tmp/chaos
"""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "cli"), str(HERE.parent)]

if __name__ == "__main__":
    from chaos_round import Told, play

    import conftest  # noqa: F401 - nothing of the environment this was started in decides how it ends


async def campaign(seeds: list[int], jobs: int, place: Path) -> int:
    """Play the rounds, `jobs` at once; returns how many were not right."""
    left, every = list(reversed(seeds)), list[Told]()
    began = time.monotonic()

    async def some() -> None:
        while left:
            told = await play(seed := left.pop(), place / f"round-{seed}")
            every.append(told)
            if told.faults:
                print(f"round {seed} ({told.shape}): NOT RIGHT, kept in {place / f'round-{seed}'}")
                print("".join(f"  {one}\n" for one in told.faults), end="")
                print(f"  again: make chaos N=1 SEED={seed}", flush=True)
            elif len(every) % 25 == 0:
                print(f"{len(every)} rounds, {time.monotonic() - began:.0f} s", flush=True)

    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(jobs):
                group.create_task(some())
    finally:  # of what was played, when somebody has had enough
        summary(every, time.monotonic() - began)
    return sum(bool(told.faults) for told in every)


def summary(every: list[Told], seconds: float) -> None:
    """The figures of a campaign."""
    killed = sum((told.killed for told in every), Counter[str]())
    wrong = [told.seed for told in every if told.faults]
    kinds = Counter(fault.split(":")[0].split(" ")[0] for told in every for fault in told.faults)
    print(
        f"{len(every)} rounds in {seconds:.0f} s ({sum(t.seconds for t in every) / max(1, len(every)):.1f} s each); "
        f"{sum(killed.values())} kills: {', '.join(f'{kind} {count}' for kind, count in killed.most_common())}\n"
        f"{sum(t.commands for t in every)} commands, {sum(t.answered for t in every)} seen answered by who sent them; "
        f"{sum(t.attempts for t in every)} attempts, {sum(t.epochs for t in every)} runners, "
        f"{sum(t.events for t in every)} events\n"
        f"not right: {len(wrong)} {wrong or ''} {dict(kinds) or ''}"
    )
    halts = Counter(halt for told in every for halt in set(told.halts))
    for halt, count in halts.most_common(12):
        print(f"  asked for a person in {count}: {halt[:200]}")


def main() -> int:
    """Entry point."""
    ask = argparse.ArgumentParser(prog="chaos", description=__doc__)
    ask.add_argument("--rounds", type=int, default=20)
    ask.add_argument("--jobs", type=int, default=2)
    ask.add_argument("--seed", type=int, default=int.from_bytes(os.urandom(2), "big"))
    ask.add_argument("--place", type=Path, default=None)
    given = ask.parse_args()
    place = given.place or Path(tempfile.mkdtemp(prefix="orch-chaos-"))
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    print(f"{given.rounds} rounds from seed {given.seed}, {given.jobs} at once, in {place}", flush=True)
    return bool(asyncio.run(campaign([given.seed + at for at in range(given.rounds)], given.jobs, place)))


if __name__ == "__main__":
    sys.exit(main())

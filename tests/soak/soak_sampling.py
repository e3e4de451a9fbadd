"""What a process costs, as the kernel counts it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from orch_tui import proctable


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """At a record of the journal: memory in MiB (resident, and of that its own), open files, threads, descendants."""

    seq: int
    seconds: float
    resident: float
    own: float
    files: int
    threads: int
    below: int


def sample(pid: int, *, seq: int, seconds: float) -> Sample | None:
    """A process now; None when it is gone."""
    place = Path(f"/proc/{pid}")
    try:
        said = dict(line.split(":", 1) for line in (place / "status").read_text().splitlines() if ":" in line)
        return Sample(
            seq=seq,
            seconds=seconds,
            resident=int(said["VmRSS"].split()[0]) / 1024,
            own=int(said["RssAnon"].split()[0]) / 1024,
            files=len(list((place / "fd").iterdir())),
            threads=int(said["Threads"]),
            below=len(proctable.below([pid])),
        )
    except (OSError, KeyError):
        return None


def at(samples: list[Sample], part: float) -> Sample:
    """The first sample at which so much of all events had happened."""
    last = samples[-1].seq
    return next(one for one in samples if one.seq >= part * last)


def slope(samples: list[Sample], since: float = 0.1) -> float:
    """KiB of own memory for each event, by least squares over what came after `since` of all events."""
    taken = [one for one in samples if one.seq >= since * samples[-1].seq]
    count = len(taken)
    if count < 2:
        return 0.0
    x = sum(one.seq for one in taken) / count
    y = sum(one.own for one in taken) / count
    across = sum((one.seq - x) ** 2 for one in taken)
    return 1024 * sum((one.seq - x) * (one.own - y) for one in taken) / across if across else 0.0

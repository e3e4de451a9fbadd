"""A section that leaves 200 MB: merged like any other, and nothing of it where only words should be."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from running import GATE, Bench, sections

from orch_tui.core.state import Status

MB = 1_000_000
LARGE = f"""head -c {100 * MB} /dev/zero | tr '\\0' '\\1' > large.bin
printf '\\0' >> large.bin
for line in 1 2 3 4; do head -c {25 * MB} /dev/zero | tr '\\0' "$line"; echo; done > long.txt
echo '<<<<<<< a heading' >> long.txt"""
"""A file that is no text, and one with lines of 25 MB and with what may be the beginning of a conflict."""


def most_memory(pid: int) -> int:
    """The most memory a process had so far, in bytes."""
    said = Path(f"/proc/{pid}/status").read_text().partition("VmHWM:")[2]
    return int(said.split()[0]) * 1024


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is looked up as on Linux")
async def test_two_hundred_megabytes_are_merged_and_weigh_on_nobody(bench: Bench):
    bench.git("config", "core.compression", "0")
    text = sections(f"A|{LARGE}", f"B|{GATE}")
    await bench.open(text.replace("agent: script\n", "agent: script\nworkflow: local\nchecks: ['wc -c *']\n"))
    await bench.approve()
    await bench.until(lambda state: state.sections["A"].status is Status.DONE, "A to be merged, while B is at work")
    assert most_memory(json.loads(bench.run.lock.read_text())["pid"]) < 150 * MB
    assert await bench.send("cancel") == ""
    await bench.done()
    listed = bench.git("ls-tree", "-l", f"orch/{bench.run.name}", "large.bin", "long.txt").splitlines()
    assert [int(line.split()[3]) for line in listed] == [100 * MB + 1, 100 * MB + 22]
    assert sum(path.stat().st_size for path in bench.run.path.rglob("*") if path.is_file()) < MB

"""Every benchmark, one after the other. `--quick`: small sizes, under a minute, to see that they work.

The reading of plans is scored when PLANS names a folder of labelled plans.
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
ORDER = (
    "query",
    "parse",
    "cockpit_latency",
    "command_latency",
    "store",
    "plan_score",
    "worktrees",
    "throughput",
    "merge_queue",
)


def main() -> int:
    print(f"{platform.platform()}, {os.cpu_count()} processors, Python {platform.python_version()}")
    sys.stdout.flush()
    failed = []
    for name in ORDER if os.environ.get("PLANS") else [name for name in ORDER if name != "plan_score"]:
        script = HERE / f"{name}.py"
        if script.exists() and subprocess.run([sys.executable, script, *sys.argv[1:]], check=False).returncode:
            failed.append(name)
    if failed:
        print(f"\nended with an error: {', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

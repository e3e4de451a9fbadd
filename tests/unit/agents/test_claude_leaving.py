"""The end of the SDK's program, played by one that leaves when its input ends and is talkative until then."""

from __future__ import annotations

import asyncio
import gc
import sys
import warnings
from pathlib import Path

from claude_agent_sdk import ClaudeAgentOptions, ClaudeSDKClient

from orch_tui.agents.claude.leaving import leave

PROGRAM = f"""#!{sys.executable}
import json, os, sys, threading
if "-v" in sys.argv:
    raise SystemExit(print("99.0.0 (Claude Code)"))
asked = json.loads(sys.stdin.readline())
response = {{"subtype": "success", "request_id": asked["request_id"], "response": {{}}}}
print(json.dumps({{"type": "control_response", "response": response}}), flush=True)
def talk():
    while True:
        print(json.dumps({{"type": "system", "subtype": "talk", "words": "x" * 10_000}}), flush=True)
threading.Thread(target=talk, daemon=True).start()
while sys.stdin.readline():
    pass
os._exit(0)
"""


def test_output_that_nobody_reads_any_more_leaves_no_pipe_open_when_the_loop_ends(tmp_path: Path):
    program = tmp_path / "claude"
    program.write_text(PROGRAM)
    program.chmod(0o700)

    async def left() -> None:
        client = ClaudeSDKClient(ClaudeAgentOptions(cli_path=program, cwd=tmp_path))
        await client.connect()
        messages = client.receive_messages()
        await anext(messages)
        transport = vars(client)["_transport"]
        async with asyncio.timeout(60):
            while not vars(transport)["_process"]._transport.get_pipe_transport(1)._paused:
                await asyncio.sleep(0.01)
        await messages.aclose()
        await leave(client)
        await leave(client)

    with warnings.catch_warnings(record=True) as collected:
        warnings.simplefilter("always")
        asyncio.run(left())
        gc.collect()
    assert [str(one.message) for one in collected if "unclosed" in str(one.message)] == []

"""The end of a Claude Code program that the SDK runs."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from claude_agent_sdk import ClaudeSDKClient, ClaudeSDKError

if TYPE_CHECKING:
    from anyio.abc import Process


async def leave(client: ClaudeSDKClient) -> None:
    """Disconnect, wait for the program as long as the SDK does, and close its pipes.

    The SDK lets go of the pipes as they are. One that nobody read to its end, because what it held was not wanted any
    more, would be left open when the loop ends; the SDK has no public way to its process.
    """
    child: Process | None = getattr(getattr(client, "_transport", None), "_process", None)
    with suppress(ClaudeSDKError):
        await client.disconnect()
    if child is not None and child.returncode is not None:
        await child.aclose()

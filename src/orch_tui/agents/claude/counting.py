"""The Messages API's own counting of tokens (platform.claude.com/docs, "Token counting"), for who has a key for it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from importlib import import_module

KEY = "ANTHROPIC_API_KEY"


async def count(text: str, *, model: str, env: Mapping[str, str]) -> int | None:
    """The tokens of a message for `model`; None without a key: a subscription's login is not one for this."""
    key = env.get(KEY, "")
    if not key or not model:
        return None
    await asyncio.to_thread(import_module, "anthropic")  # takes half a second, in which the session goes on
    from anthropic import AsyncAnthropic

    base = env.get("ANTHROPIC_BASE_URL") or None
    async with AsyncAnthropic(api_key=key, base_url=base, max_retries=1) as client:
        found = await client.messages.count_tokens(model=model, messages=[{"role": "user", "content": text}])
        return found.input_tokens

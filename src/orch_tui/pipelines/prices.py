"""What a call may cost: a small table of list prices and context windows, and estimates that err on the dear side.

Prices are US dollars per million tokens as the makers listed them in November 2026 (platform.claude.com/docs/pricing,
developers.openai.com/api/docs/pricing). A model that is not here has no known price; it is never taken for free.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

UNKNOWN_WINDOW = 150_000
"""Tokens a model that is not in the table is trusted to read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """Dollars per million tokens; `long_input` and `long_output` for prompts of more than `long_from` tokens."""

    input: float
    output: float
    window: int
    long_from: int = 0
    long_input: float = 0.0
    long_output: float = 0.0

    def cost(self, input_tokens: int, output_tokens: int) -> float:
        """Dollars of one call."""
        long = self.long_from and input_tokens > self.long_from
        dear = (self.long_input, self.long_output) if long else (self.input, self.output)
        return (input_tokens * dear[0] + output_tokens * dear[1]) / 1_000_000


def _openai(dollars_in: float, dollars_out: float) -> Price:
    return Price(
        input=dollars_in,
        output=dollars_out,
        window=272_000,  # what Codex gives them
        long_from=272_000,
        long_input=2 * dollars_in,
        long_output=1.5 * dollars_out,
    )


PRICES: dict[str, Price] = {
    "claude-haiku-5-5": Price(
        input=0.10, output=0.50, window=1_000_000, long_from=100_000, long_input=0.50, long_output=2.50
    ),
    "claude-sonnet-5-5": Price(input=2.0, output=10.0, window=1_000_000),
    "claude-opus-5-5": Price(input=4.0, output=20.0, window=1_000_000),
    "claude-fable-5-1": Price(input=10.0, output=50.0, window=1_000_000),
    "claude-sonnet-5": Price(input=2.0, output=10.0, window=1_000_000),
    "claude-opus-5": Price(input=5.0, output=25.0, window=1_000_000),
    "claude-haiku-4-5": Price(input=1.0, output=5.0, window=200_000),
    "claude-sonnet-4-5": Price(input=3.0, output=15.0, window=200_000),
    "gpt-6-luna": _openai(0.10, 0.50),
    "gpt-6-sol": _openai(2.0, 10.0),
    "gpt-6.1-sol": _openai(2.0, 10.0),
    "gpt-6-astra": _openai(10.0, 50.0),
    "gpt-5.6-luna": _openai(0.20, 1.20),
    "gpt-5.6-terra": _openai(2.0, 12.0),
    "gpt-5.6-sol": _openai(5.0, 30.0),
}
_DATED = re.compile(r"-20\d{6}$")


def price_of(model: str) -> Price | None:
    """The price of a model, dated or not; None when it is not known."""
    return PRICES.get(_DATED.sub("", model))


def dollars(amount: float) -> str:
    """An amount in words: cents, and what is less than ten of them more exactly."""
    return f"${amount:.2f}" if amount == 0 or amount >= 0.1 else f"${amount:.4f}"

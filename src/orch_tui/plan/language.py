"""What one language says about order: the shape of a row in the tables of phrases."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """What one language says about order. X is the item that speaks, Y the one that is named.

    `needs_fields`, `blocks_fields`, `parallel_fields`: names of fields and table columns.
    `needs`: "X depends on Y". `blocks`: "X blocks Y". `parallel`: "X can run in parallel with Y".
    `later`: what stands before Y where X comes later: "after Y". `earlier`: before Y where X comes earlier: "before Y".
    `behind`: what stands behind Y where X comes later ("Y完了後"); `ahead`: behind Y where X comes earlier ("Yの前に").
    `free`: whole clauses that say that there is nothing to wait for.
    `never`: words that turn a statement into its denial; `soft`: words that make it a wish.
    `needless`: words that leave the order open: "X need not be done before Y".
    `none`: what a field says when there is nothing to wait for.
    `everything`: "all"; `before`: "previous", "above"; `others`: "other", "remaining", "rest".
    `finished`: what is said of an item that has come to its end, and other words that are no part of a name.
    `fillers`: words before a phrase that say nothing about who is meant ("it can only").
    """

    needs_fields: str = ""
    blocks_fields: str = ""
    parallel_fields: str = ""
    needs: str = ""
    blocks: str = ""
    parallel: str = ""
    later: str = ""
    earlier: str = ""
    behind: str = ""
    ahead: str = ""
    never: str = ""
    needless: str = ""
    soft: str = ""
    free: str = ""
    none: str = ""
    everything: str = ""
    before: str = ""
    others: str = ""
    finished: str = ""
    fillers: str = ""

"""Prompts and workflows as data: pure."""

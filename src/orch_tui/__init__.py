"""orch-tui: a Markdown action plan, read as a graph, approved by a person, carried out by coding agents overnight."""

__version__ = "0.1.0"

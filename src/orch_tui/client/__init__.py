"""The only door for front ends: follow, send, launch and plain rows to draw."""

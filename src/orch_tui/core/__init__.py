"""The pure heart: commands in, events out, state folded from events, rules that say what to do next."""

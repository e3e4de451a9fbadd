"""Agent programs behind one protocol: `base` has the protocol, every other module one provider."""

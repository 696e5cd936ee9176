"""The config: what may stand in it, reading and changing its text. Where it is and who uses it: `cli/settings`."""

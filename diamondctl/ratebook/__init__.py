"""Rate files: format, history, look-up and where they are. Money is made of them in `rating`."""

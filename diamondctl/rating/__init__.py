"""Usage x rate entries -> credits, thresholds, fees. Pure."""

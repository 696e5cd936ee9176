"""Figures as values, with unit, provenance and confidence. Nothing here prints."""

"""What was imported, each gift once, as usage."""

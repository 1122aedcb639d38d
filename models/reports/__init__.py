"""What is taken to a meeting, as a plain value."""

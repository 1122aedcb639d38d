"""What follows a run without changing it."""

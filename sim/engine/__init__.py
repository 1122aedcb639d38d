"""The simulated world: its calendar, its compiled weeks, its randomness."""

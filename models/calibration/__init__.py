"""From published returns to rates, and where a list is heading."""

"""The parts of the Equity page."""

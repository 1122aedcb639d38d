"""The parts of the Match preview."""

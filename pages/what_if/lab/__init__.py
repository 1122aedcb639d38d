"""The parts of the Scenario lab."""

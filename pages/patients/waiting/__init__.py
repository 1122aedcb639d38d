"""The parts of the While you wait page."""

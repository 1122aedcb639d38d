"""The parts of the Capacity map."""

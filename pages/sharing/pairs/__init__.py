"""The parts of the Pairing page."""

"""The parts of the Scorecard page."""

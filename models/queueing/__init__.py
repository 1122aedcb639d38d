"""Queueing formulas, clearance times and clinic minutes."""

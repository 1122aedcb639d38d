"""Shown, needed and spare capacity, and who could help whom."""

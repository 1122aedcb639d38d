"""Scenarios, their levers, assumptions and goals."""

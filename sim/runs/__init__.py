"""Runs cut into units, spread over workers and put together."""

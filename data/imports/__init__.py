"""Importers: each reads one kind of file, refuses what is not what it claims, and hands over tables."""

"""Recipes for adding to the project, followed for real in a copy of it."""

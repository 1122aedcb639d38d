"""Commands about what is held."""

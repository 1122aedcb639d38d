"""Commands about those who wait."""

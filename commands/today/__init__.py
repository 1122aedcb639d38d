"""Commands about the list as it is."""

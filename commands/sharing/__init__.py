"""Commands about capacity, pairs and matches."""

"""What runs say, in sentences and tables."""

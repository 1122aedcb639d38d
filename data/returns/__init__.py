"""What the returns and reference figures in the store say, as the values of `models`."""

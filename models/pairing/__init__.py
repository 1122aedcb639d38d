"""Which trusts to pair, and why not others."""

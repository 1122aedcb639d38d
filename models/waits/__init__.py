"""How long patients can expect to wait, and what to tell them."""

"""One way to ask: a question is a value, its answer one object that pages and commands render."""

"""The compiled search: priority matching, least travel, further offers, and the proof of what is left."""

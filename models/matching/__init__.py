"""Which waiting patients could go to which offered places: rules, matching, offers and reasons."""

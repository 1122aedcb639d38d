"""Which waiting patients could go to which offered places: rules, matching, offers and reasons."""

from models.compilation import keep_compiled

keep_compiled()

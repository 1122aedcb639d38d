"""Time: the simulated health system."""

from models.compilation import keep_compiled

keep_compiled()

"""What goes wrong, said so that a planner can act on it."""


class TandemError(Exception):
    """A fault the user can mend: `message` says what happened and where, `remedy` what to do next."""

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(f"{message} {remedy}".strip())
        self.message = message
        self.remedy = remedy

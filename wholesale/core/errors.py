"""Errors that domain code raises; the web room turns each into an answer with its status."""


class DomainError(Exception):
    """A rule refused the change. ``message`` is for the person at the screen."""

    status = 409
    code = "refused"

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class Invalid(DomainError):
    """What was typed cannot be used; ``fields`` maps a field's name to its message."""

    status = 422
    code = "invalid"

    def __init__(self, message: str, **fields: str) -> None:
        super().__init__(message)
        self.fields = fields


class NotVisible(DomainError):
    """The record does not exist, or lies outside the person's scope: both look the same."""

    status = 404
    code = "not_found"

    def __init__(self, message: str = "There is no such record.") -> None:
        super().__init__(message)


class NotPermitted(DomainError):
    """The person's role does not allow this action."""

    status = 403
    code = "forbidden"

    def __init__(self, message: str = "Your role does not allow this.") -> None:
        super().__init__(message)

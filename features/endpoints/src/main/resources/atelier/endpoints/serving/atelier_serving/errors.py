"""The faults a caller sees, each with the HTTP status that says whose fault it is."""


class ScoringError(Exception):
    status = 500


class BadRequest(ScoringError):
    """The caller's data does not fit the model."""

    status = 400


class NotFound(ScoringError):
    status = 404


class MethodNotAllowed(ScoringError):
    status = 405


class TooLarge(ScoringError):
    status = 413


class UnsupportedMedia(ScoringError):
    status = 415


class TooManyRequests(ScoringError):
    status = 429


class HeaderTooLong(ScoringError):
    status = 431


class NotSupported(ScoringError):
    """The model is of a kind that this route cannot serve."""

    status = 501


class RunFailed(ScoringError):
    """The model's own code raised; the message is its exception."""


class CannotStart(Exception):
    """The model or script cannot be served at all; one sentence for the person who deploys it."""

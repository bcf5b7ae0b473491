"""Error reports: where ``SENTRY_DSN`` is set, each error line of the log goes to Sentry, too."""

import re
import sys
from collections.abc import MutableMapping
from typing import Any

from flask import g, has_request_context, request

from wholesale.config import VERSION, ConfigurationError, Settings
from wholesale.web.scrubbing import STARS, scrubbed

# What PostgreSQL adds to an error shows values: the mail address that is taken, parts of a row.
VALUES = re.compile(r"\b(DETAIL|CONTEXT|HINT): .*")
PATIENCE = 2.0  # seconds that the end of a process waits for reports that are on their way


class Reporter:
    """Where error lines go beside the log; nowhere, until it is told."""

    def __init__(self) -> None:
        self.sdk: Any = None

    def begin(self, settings: Settings) -> None:
        """Begin to report. Without ``SENTRY_DSN`` the client is not even loaded.

        Raises ConfigurationError when the address cannot be read.
        """
        if not settings.sentry_dsn:
            return
        import sentry_sdk
        from sentry_sdk.integrations.atexit import AtexitIntegration
        from sentry_sdk.utils import BadDsn

        try:
            sentry_sdk.init(
                settings.sentry_dsn,
                environment=settings.app_env,
                release=VERSION,
                default_integrations=False,  # what is reported is decided here
                integrations=[AtexitIntegration(lambda *_: None)],
                include_local_variables=False,
                before_send=_made_safe,
                shutdown_timeout=PATIENCE,
            )
        except BadDsn:
            raise ConfigurationError("SENTRY_DSN cannot be read; copy it anew.") from None
        self.sdk = sentry_sdk

    def hear(self, _: Any, __: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        """Report a line of the log that tells of an error; pass every line on as it is."""
        if self.sdk is not None and line.get("level") in ("error", "critical"):
            error, tags = _exception(line.get("exc_info")), _tags(line)
            if error is None:
                self.sdk.capture_message(str(line["event"]), level="error", tags=tags)
            else:
                self.sdk.capture_exception(error, tags=tags)
        return line


def _tags(line: MutableMapping[str, Any]) -> dict[str, str]:
    """Return what a report is found by, and finds its lines of the log by."""
    names = ("logger", "request_id", "job", "task")
    tags = {name: line.get(name) for name in names}
    if has_request_context():
        tags |= {"route": request.endpoint, "user": g.get("user_id")}
    return {name: str(value) for name, value in tags.items() if value is not None}


def _exception(told: Any) -> BaseException | None:
    """Return the exception of a log line, in each of the forms that logging takes."""
    if isinstance(told, BaseException):
        return told
    if isinstance(told, tuple):
        return told[1]
    return sys.exc_info()[1] if told else None


def _made_safe(event: Any, _: Any) -> Any:
    """Return a report without secrets, tokens of links, and values of the database."""
    if isinstance(event, dict):
        return {name: _made_safe(value, _) for name, value in event.items()}
    if isinstance(event, list):
        return [_made_safe(value, _) for value in event]
    return VALUES.sub(rf"\1: {STARS}", scrubbed(event)) if isinstance(event, str) else event


REPORTER = Reporter()

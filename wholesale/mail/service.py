"""SendGrid, through its official client: one mail, and what came of it."""

import json
import socket
import ssl
import urllib.error
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any
from urllib.parse import urlsplit

from python_http_client.exceptions import HTTPError
from sendgrid import SendGridAPIClient
from sendgrid.helpers.mail import (
    ClickTracking,
    Content,
    CustomArg,
    From,
    Mail,
    OpenTracking,
    ReplyTo,
    To,
    TrackingSettings,
)

from wholesale.mail.models import OutboxMail

HOST = "https://api.sendgrid.com"
PATIENCE = 10  # seconds until an answer
CUT = (urllib.error.URLError, HTTPException, socket.timeout, ssl.SSLError, OSError)
LATER = {401, 403, 408, 429}  # mended by waiting, or by whoever sets the key; the rest stands


class Refused(Exception):
    """The service does not take this mail, now or ever; the message is in its words."""


class Later(Exception):
    """The service did not take the mail this time."""


class Unanswered(Later):
    """The service may have taken the mail: its answer never came."""


@dataclass(frozen=True)
class MailService:
    """Where mails are handed over, and in whose name."""

    key: str
    sender: str
    host: str = HOST

    def send(self, mail: OutboxMail) -> str:
        """Hand ``mail`` over; returns the service's own id. Raises Refused or Later."""
        client = SendGridAPIClient(self.key, host=self.host)
        client.client.timeout = PATIENCE
        try:
            answer = client.send(self._message(mail))
        except HTTPError as error:
            words = f"{error.status_code}: {_reason(error.body)}"
            is_later = error.status_code in LATER or error.status_code >= 500
            raise (Later if is_later else Refused)(words) from error
        except CUT as error:
            raise Unanswered(f"No answer: {error}") from error
        return str(answer.headers.get("X-Message-Id") or "")

    def _message(self, mail: OutboxMail) -> Mail:
        message = Mail(From(self.sender, "WholesaleOS"), To(mail.recipient), mail.subject)
        message.add_content(Content("text/plain", mail.body))
        message.add_content(Content("text/html", mail.html))
        if mail.reply_to:
            message.reply_to = ReplyTo(mail.reply_to)
        message.add_custom_arg(CustomArg("mail_id", str(mail.id)))
        # Links open quotes and passwords: they are not to lead through anybody's counter.
        off = TrackingSettings(ClickTracking(False, False), OpenTracking(False))
        message.tracking_settings = off
        return message


def _reason(body: Any) -> str:
    """Return the service's own words from the body of its refusal."""
    text = body.decode(errors="replace") if isinstance(body, bytes) else str(body)
    try:
        return "; ".join(str(error["message"]) for error in json.loads(text)["errors"])[:500]
    except (ValueError, KeyError, TypeError):
        return text.strip()[:500] or "no reason given"


def service_of(config: Mapping[str, Any]) -> MailService | None:
    """Return the mail service that the application is configured for, or None."""
    if not config["SENDGRID_API_KEY"]:
        return None
    sender = config["MAIL_FROM"] or f"no-reply@{urlsplit(config['BASE_URL']).hostname}"
    return MailService(config["SENDGRID_API_KEY"], sender, config["SENDGRID_HOST"] or HOST)

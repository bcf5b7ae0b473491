"""A stand-in for SendGrid: takes mails as its API does, and signs what it tells of them."""

import base64
import json
import time
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.standins.server import Call, Reply, StandIn

KEY = "SG.test"


class SendGrid(StandIn):
    """Answers ``POST /v3/mail/send``; ``mails`` are those that it took."""

    def __init__(self) -> None:
        super().__init__()
        self.mails: list[dict[str, Any]] = []
        self.signing = ec.generate_private_key(ec.SECP256R1())

    def answer(self, call: Call) -> Reply:
        """Take a mail with the right key; refuse all else in SendGrid's words."""
        if call.headers["Authorization"] != f"Bearer {KEY}":
            return self.refusal(
                401, "The provided authorization grant is invalid, expired, or revoked"
            )
        if (call.method, call.path) != ("POST", "/v3/mail/send"):
            return self.refusal(404, "Not found")
        self.mails.append(json.loads(call.body))
        return Reply(202, headers={"X-Message-Id": f"id-{len(self.mails)}"})

    @staticmethod
    def refusal(status: int, words: str) -> Reply:
        """Return a refusal as SendGrid writes it."""
        return Reply(status, json.dumps({"errors": [{"message": words}]}).encode())

    @property
    def public_key(self) -> str:
        """The key to check its signatures with, as its settings page shows it."""
        form = serialization.PublicFormat.SubjectPublicKeyInfo
        pem = self.signing.public_key().public_bytes(serialization.Encoding.PEM, form)
        return "".join(pem.decode().splitlines()[1:-1])

    def told(self, *events: dict[str, Any], age: int = 0) -> dict[str, Any]:
        """Return the arguments of a request that tells ``events``, ``age`` seconds ago."""
        body = json.dumps(events)
        moment = str(int(time.time()) - age)
        signed = self.signing.sign((moment + body).encode(), ec.ECDSA(hashes.SHA256()))
        headers = {
            "X-Twilio-Email-Event-Webhook-Signature": base64.b64encode(signed).decode(),
            "X-Twilio-Email-Event-Webhook-Timestamp": moment,
            "Content-Type": "application/json",
        }
        return {"data": body, "headers": headers}

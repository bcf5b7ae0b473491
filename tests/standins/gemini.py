"""A stand-in of Gemini's HTTP interface: answers as told, and counts what it was asked."""

import json
from typing import Any

from tests.standins.server import Call, Reply, StandIn

KEY = "a key for tests only"


class Gemini(StandIn):
    """Speaks ``POST /v1beta/models/<model>:generateContent``; ``says`` is what the model writes."""

    def __init__(self) -> None:
        super().__init__()
        self.says: Any = {}
        self.delay = 0.0

    def answer(self, call: Call) -> Reply:
        """Return the model's text in the service's envelope; refuse a wrong key or address."""
        if not (call.path.startswith("/v1beta/models/") and ":generateContent" in call.path):
            return refusal(404, "NOT_FOUND", "models/none is not found")
        if call.headers.get("x-goog-api-key") != KEY:
            return refusal(400, "INVALID_ARGUMENT", "API key not valid. Please pass a valid one.")
        text = self.says if isinstance(self.says, str) else json.dumps(self.says)
        return written(text, delay=self.delay)

    @property
    def asked(self) -> dict[str, Any]:
        """The body of the last request."""
        return json.loads(self.calls[-1].body)

    @property
    def prompt(self) -> str:
        """The text of the last request's question, instruction included."""
        parts = [*self.asked["systemInstruction"]["parts"], *self.asked["contents"][0]["parts"]]
        return "\n".join(part.get("text", "") for part in parts)

    @property
    def files(self) -> list[dict[str, str]]:
        """The files of the last request: ``mimeType`` and ``data`` each."""
        return [p["inlineData"] for p in self.asked["contents"][0]["parts"] if "inlineData" in p]


def written(text: str, delay: float = 0, finish: str = "STOP") -> Reply:
    """Return an answer in which the model wrote ``text``."""
    parts = [{"text": text}] if text else []
    body = {
        "candidates": [{"content": {"role": "model", "parts": parts}, "finishReason": finish}],
        "usageMetadata": {
            "promptTokenCount": 120,
            "candidatesTokenCount": 30,
            "totalTokenCount": 150,
        },
        "modelVersion": "stand-in",
    }
    return Reply(200, json.dumps(body).encode(), {"Content-Type": "application/json"}, delay)


def refusal(status: int, name: str, message: str) -> Reply:
    """Return a refusal in the service's envelope."""
    body = {"error": {"code": status, "message": message, "status": name}}
    return Reply(status, json.dumps(body).encode(), {"Content-Type": "application/json"})

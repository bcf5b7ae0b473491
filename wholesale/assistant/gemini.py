"""The one place that talks to Gemini: Google's client, with limits of time, size and tries."""

import json
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError

from wholesale.assistant.models import Outcome

SECONDS = 30.0  # for one question, all tries included
TRIES = 3
FIRST_PAUSE = 0.5
LARGEST_ANSWER = 1024 * 1024
LONGEST_ANSWER = 16_384  # tokens, what the model thinks included
WRONG_KEY = ("api key", "api_key")


@dataclass(frozen=True)
class File:
    """A file that goes along with a question."""

    mime_type: str
    data: bytes


@dataclass(frozen=True)
class Reply:
    """What the model wrote, and what it cost."""

    text: str
    tokens_in: int = 0
    tokens_out: int = 0


class Trouble(Exception):  # noqa: N818 - it says what is the matter, as outcomes do
    """Gemini gave no answer that can be used; ``detail`` is for the log."""

    def __init__(self, outcome: Outcome, detail: str = "", reply: Reply | None = None) -> None:
        super().__init__(detail)
        self.outcome, self.detail, self.reply = outcome, detail[:500], reply


class Gemini:
    """Asks one model, by the official client over HTTP."""

    def __init__(self, key: str, endpoint: str | None, model: str, seconds: float = 0) -> None:
        self.key, self.endpoint, self.model = key, endpoint, model
        self.seconds = seconds or SECONDS

    def ask(
        self, instruction: str, text: str, files: Sequence[File], schema: dict[str, Any]
    ) -> Reply:
        """Return the model's answer to ``text`` and ``files``, JSON after ``schema``.

        Tries again where that may help, as long as there is time. Raises Trouble.
        """
        ends = time.monotonic() + self.seconds
        pause = FIRST_PAUSE
        for left in reversed(range(TRIES)):
            try:
                return self._once(ends, instruction, text, files, schema)
            except Trouble as trouble:
                wait = pause * (1 + random.random() / 2)  # noqa: S311 - spreads tries, no secret
                if not (left and trouble.outcome.may_pass) or time.monotonic() + wait > ends:
                    raise
            time.sleep(wait)
            pause *= 3
        raise AssertionError("the last try returns or raises")

    def _once(
        self,
        ends: float,
        instruction: str,
        text: str,
        files: Sequence[File],
        schema: dict[str, Any],
    ) -> Reply:
        from google.ai import generativelanguage as glm  # half a second, and only who asks waits

        parts = [glm.Part(text=text)]
        parts += [glm.Part(inline_data={"mime_type": f.mime_type, "data": f.data}) for f in files]
        question = glm.GenerateContentRequest(
            model=f"models/{self.model}",
            system_instruction=glm.Content(parts=[glm.Part(text=instruction)]),
            contents=[glm.Content(role="user", parts=parts)],
            generation_config=glm.GenerationConfig(
                temperature=0,
                max_output_tokens=LONGEST_ANSWER,
                response_mime_type="application/json",
                response_schema=glm.Schema(schema),
            ),
        )
        client = _client(glm, self.key, self.endpoint, ends)
        left = max(0.1, ends - time.monotonic())
        answer = _called(
            lambda: client.generate_content(question, retry=None, timeout=left), self.key
        )
        return _reply(answer)


def _client(glm: Any, key: str, endpoint: str | None, ends: float) -> Any:
    """Return a client for one try: its adapter knows when time is over."""
    options = {"api_key": key} | ({"api_endpoint": endpoint} if endpoint else {})
    client = glm.GenerativeServiceClient(transport="rest", client_options=options)
    session = client.transport._session  # the client has no public way to bound an answer
    for scheme in ("https://", "http://"):
        session.mount(scheme, _Bounded(ends))
    return client


class _TooLarge(Exception):
    pass


class _Bounded(HTTPAdapter):
    """Reads an answer as it comes, no longer than to ``ends`` and no more than can be one."""

    def __init__(self, ends: float) -> None:
        super().__init__()
        self.ends = ends

    def send(self, request: Any, *args: Any, **kwargs: Any) -> requests.Response:
        """Send ``request`` and return its answer, read."""
        response = super().send(request, *args, **kwargs | {"stream": True})
        body = bytearray()
        try:
            while chunk := response.raw.read1(65536, decode_content=True):
                body += chunk
                if len(body) > LARGEST_ANSWER:
                    raise _TooLarge
                if time.monotonic() > self.ends:
                    raise requests.Timeout("the answer came too slowly")
        except HTTPError as error:
            raise requests.ConnectionError(str(error)) from error
        finally:
            response.close()
        response._content, response._content_consumed = bytes(body), True
        return response


def _called(call: Callable[[], Any], key: str) -> Any:
    """Return what ``call`` returns; whatever goes wrong becomes Trouble, without the key."""
    from google.api_core.exceptions import GoogleAPICallError
    from google.auth.exceptions import GoogleAuthError
    from google.protobuf.json_format import ParseError

    try:
        return call()
    except GoogleAPICallError as error:
        raise Trouble(_refusal(error), f"{error.code}: {error}".replace(key, "***")) from None
    except _TooLarge:
        raise Trouble(Outcome.TOO_LARGE) from None
    except requests.Timeout as error:
        raise Trouble(Outcome.TIMED_OUT, str(error)) from None
    except (requests.RequestException, GoogleAuthError, OSError) as error:
        raise Trouble(Outcome.UNAVAILABLE, f"{type(error).__name__}: {error}") from None
    except (ParseError, ValueError, RecursionError) as error:
        raise Trouble(Outcome.GARBAGE, f"{type(error).__name__}: {error}") from None


def _refusal(error: Any) -> Outcome:
    status, words = int(error.code or 500), str(error).lower()
    if status in (401, 403) or (status == 400 and any(mark in words for mark in WRONG_KEY)):
        return Outcome.WRONG_KEY
    if status == 429:
        return Outcome.LIMITED
    return Outcome.UNAVAILABLE if status >= 500 else Outcome.REFUSED


def _reply(answer: Any) -> Reply:
    used = answer.usage_metadata
    wrote = max(used.candidates_token_count, used.total_token_count - used.prompt_token_count)
    first = answer.candidates[0] if answer.candidates else None
    text = "".join(part.text for part in first.content.parts) if first else ""
    reply = Reply(text.replace("\x00", ""), used.prompt_token_count, wrote)
    reason = first.finish_reason if first else answer.prompt_feedback.block_reason
    why = str(getattr(reason, "name", reason))
    if not text.strip():
        raise Trouble(Outcome.EMPTY, why, reply)
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        outcome = Outcome.TOO_LARGE if why == "MAX_TOKENS" else Outcome.GARBAGE
        raise Trouble(outcome, "the answer is no JSON", reply) from None
    return reply

"""A browser in small: keeps cookies, reads forms, and says in one line why it got nowhere."""

import re
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests

JSON = "application/json"


class Failed(Exception):
    """A step that did not work; the message is one clear line."""


class Hidden(HTMLParser):
    """Collects the fields of the form that is sent to ``action``, the CSRF token among them."""

    def __init__(self, action: str) -> None:
        super().__init__()
        self.action, self.is_inside = action, False
        self.fields: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the form's hidden fields, and that a form begins."""
        given = dict(attrs)
        if tag == "form":
            method = (given.get("method") or "get").lower()
            place = urlsplit(given.get("action") or self.action).path
            self.is_inside = method == "post" and place == self.action
        elif tag == "input" and self.is_inside and given.get("type") == "hidden":
            self.fields.setdefault(given.get("name") or "", given.get("value") or "")

    def handle_endtag(self, tag: str) -> None:
        """Note that a form ends."""
        if tag == "form":
            self.is_inside = False


class Browser:
    """Opens pages of one deployment and sends their forms."""

    def __init__(self, url: str, timeout: float) -> None:
        """Take the deployment's address. Raises ValueError for what is none."""
        parts = urlsplit(url)
        is_bare = not (parts.path.strip("/") or parts.query)
        if parts.scheme not in ("http", "https") or not parts.hostname or not is_bare:
            raise ValueError("URL is an address such as https://wholesale.example.com.")
        self.base = f"{parts.scheme}://{parts.netloc}"
        self.timeout = timeout
        self.session = requests.Session()
        self.session.headers["User-Agent"] = "WholesaleOS smoke test"

    def get(self, path: str, *, stay: bool = False) -> requests.Response:
        """Return what a path answers; with ``stay`` a redirect is not followed. Raises Failed."""
        return self._send("GET", path, allow_redirects=not stay)

    def page(self, path: str) -> requests.Response:
        """Return a page that must be there. Raises Failed."""
        return self.good(self.get(path))

    def send(
        self,
        page: requests.Response,
        action: str,
        fields: dict[str, Any] | None = None,
        files: Any = None,
    ) -> requests.Response:
        """Send the form of a page that goes to ``action``, with what it hides. Raises Failed."""
        form = Hidden(action)
        form.feed(page.text)
        if "csrf_token" not in form.fields:
            raise Failed(f"{urlsplit(page.url).path} has no form for {action}.")
        # As a browser does; over https a form without it is taken for forged.
        headers = {"Referer": page.url, "Origin": self.base}
        sent = form.fields | (fields or {})
        return self._send("POST", action, data=sent, files=files, headers=headers)

    def good(self, answer: requests.Response) -> requests.Response:
        """Return an answer that is a page of this deployment. Raises Failed for any other."""
        path = urlsplit(answer.url).path
        if answer.status_code == 503:
            raise Failed(f"{path} answers 503: maintenance, or its database is away.")
        if answer.status_code == 429:
            wait = answer.headers.get("Retry-After", "some")
            raise Failed(f"{path} was asked too often from here: try again in {wait} seconds.")
        if answer.status_code != 200:
            number = answer.headers.get("X-Request-ID", "none")
            raise Failed(f"{path} answers {answer.status_code} (request {number}).")
        return answer

    def _send(self, method: str, path: str, **options: Any) -> requests.Response:
        url = urljoin(self.base, path)
        try:
            return self.session.request(method, url, timeout=self.timeout, **options)
        except requests.exceptions.SSLError as error:
            raise Failed(f"The certificate of {self.base} is not trusted: {_last(error)}") from None
        except requests.exceptions.Timeout:
            raise Failed(f"{path} did not answer within {self.timeout:g} seconds.") from None
        except requests.exceptions.TooManyRedirects:
            raise Failed(f"{path} leads round in circles.") from None
        except requests.exceptions.RequestException as error:
            raise Failed(f"{self.base} cannot be reached: {_last(error)}") from None


def _last(error: Exception) -> str:
    """Return the last words of an error, which say what it was."""
    words = re.split(r"[:(] ?(?=[^:(]*$)", str(error))
    return re.sub(r"\[Errno -?\d+\] ", "", words[-1]).strip(" '\")") or type(error).__name__

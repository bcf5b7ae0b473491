"""Addresses: safe return targets, and static files named by their content."""

import hashlib
import re
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

from flask import Flask, current_app
from werkzeug.routing import IntegerConverter, UnicodeConverter, ValidationError


class KeyConverter(IntegerConverter):
    """A record's key in an address; a larger number than any key is no address of ours."""

    def __init__(self, url_map: Any) -> None:
        super().__init__(url_map, min=1, max=2**31 - 1)


class CodeConverter(UnicodeConverter):
    """A code in an address: what cannot stand there goes as ``~`` and two digits a byte.

    Imported codes may hold a slash or a space; ``new`` is an address of its own.
    """

    ESCAPED = re.compile(r"(?:~[0-9A-F]{2})+")
    APART = re.compile(r"[^A-Za-z0-9._-]+|^[.]|^new$")

    def to_python(self, value: str) -> str:
        """Read a code from an address. Raises ValidationError for what is none."""
        try:
            return self.ESCAPED.sub(
                lambda run: bytes.fromhex(run[0].replace("~", "")).decode(), value
            )
        except UnicodeDecodeError:
            raise ValidationError from None

    def to_url(self, value: str) -> str:
        """Write a code into an address."""
        return self.APART.sub(lambda run: "".join(f"~{b:02X}" for b in run[0].encode()), value)


def local_url(target: str | None) -> str | None:
    """Return ``target`` when it is a path of this site, else None (no open redirect)."""
    if not target or not target.startswith("/") or "\\" in target or not target.isprintable():
        return None
    parts = urlsplit(target)
    return None if parts.scheme or parts.netloc or target.startswith("//") else target


def path_to(endpoint: str, **values: Any) -> str:
    """Return a page's path, where there is no request, too."""
    return current_app.url_map.bind("localhost").build(endpoint, values)


def absolute_url(endpoint: str, **values: Any) -> str:
    """Return a page's whole address, under ``BASE_URL``, for a mail.

    Never under the request's own host: whoever asks could name any.
    """
    return urljoin(current_app.config["BASE_URL"], path_to(endpoint, **values))


def init_app(app: Flask) -> None:
    """Teach ``app`` keys and codes of records, and give static addresses the hash of their file.

    Browsers may then keep a static file for good.
    """
    app.url_map.converters["key"] = KeyConverter
    app.url_map.converters["code"] = CodeConverter

    @app.url_defaults
    def add_version(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static" and "filename" in values and "v" not in values:
            path = Path(current_app.static_folder or "") / values["filename"]
            values["v"] = _digest(path, path.stat().st_mtime_ns if path.exists() else 0)


@lru_cache(maxsize=256)
def _digest(path: Path, modified: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:10] if modified else ""

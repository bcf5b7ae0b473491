"""Passwords: argon2id hashes, and the rules for a good one."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

HASHER = PasswordHasher()
SHORTEST = 12
LONGEST = 128  # a passphrase fits; more only costs time
GOOD_ENOUGH = 2  # of zxcvbn's 0 to 4: safe from unthrottled guessing online
# Verified against when there is no such account, so that both answers take as long. Written down,
# since hashing takes as long as all else of a command's start.
DECOY = (
    "$argon2id$v=19$m=65536,t=3,p=4$fvr+pfWhdc7P9t7Y3O/6lA$MjwaKy"
    "gGna2K8TYb1jL09/Vv6DGM4rBePuxu02fO+3M"
)


def hash_password(password: str) -> str:
    """Return the argon2id hash of ``password``."""
    return HASHER.hash(password)


def is_correct(password: str, stored: str | None) -> bool:
    """Tell whether ``password`` matches ``stored``; takes as long when nothing is stored."""
    if len(password) > LONGEST:
        return False
    try:
        return HASHER.verify(stored or DECOY, password) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(stored: str) -> bool:
    """Tell whether ``stored`` was made with older parameters than today's."""
    return HASHER.check_needs_rehash(stored)


def check_strength(password: str, *about: str) -> None:
    """Accept a new password of at least 12 characters that is not easily guessed.

    ``about`` is what an attacker would try first: name and address. Raises ValueError with
    what is wrong and what would be better.
    """
    if len(password) < SHORTEST:
        raise ValueError(f"Use at least {SHORTEST} characters. A few words in a row do well.")
    if len(password) > LONGEST:
        raise ValueError(f"Use at most {LONGEST} characters.")
    from zxcvbn import zxcvbn  # its word lists take a moment to load

    words = [part for text in about for part in text.replace("@", " ").split()]
    judged = zxcvbn(password, user_inputs=words)
    if judged["score"] <= GOOD_ENOUGH - 1 or _is_common(password):
        feedback = judged["feedback"]
        hints = [feedback["warning"] or "This is easily guessed", *feedback["suggestions"][:1]]
        raise ValueError(". ".join(hint.rstrip(".") for hint in hints) + ".")


def _is_common(password: str) -> bool:
    from zxcvbn.frequency_lists import FREQUENCY_LISTS

    return password.casefold() in FREQUENCY_LISTS["passwords"]

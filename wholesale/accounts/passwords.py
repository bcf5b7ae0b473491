"""Password hashes: argon2id, upgraded at sign-in when the parameters change."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

HASHER = PasswordHasher()
LONGEST = 1024  # characters; hashing more only costs time
# Verified against when there is no such account, so that both answers take as long.
DECOY = HASHER.hash("no account has this password")


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

"""Mail addresses in one form, so that one person has one account."""

import unicodedata

from email_validator import EmailNotValidError, validate_email

LONGEST = 254


def normal_email(typed: str) -> str:
    """Return an address in lower case and compatibility form.

    Full-width and mixed-case spellings become the plain one; letters that only look like
    others are refused, since nobody could tell the two accounts apart. Raises ValueError
    with a sentence for the person.
    """
    folded = unicodedata.normalize("NFKC", typed).strip().casefold()
    if len(folded) > LONGEST or not folded.isascii():
        raise ValueError("Enter an e-mail address in plain letters, such as name@company.com.")
    try:
        return validate_email(folded, check_deliverability=False, test_environment=True).normalized
    except EmailNotValidError:
        raise ValueError("Enter an e-mail address such as name@company.com.") from None

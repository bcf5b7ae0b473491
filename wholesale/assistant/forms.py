"""The forms of the assistant."""

from typing import Any

from flask_wtf.file import FileField
from wtforms import SelectField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, ValidationError

from wholesale.assistant.files import MOST_CHARACTERS
from wholesale.web.forms import BlockField, Form, LineField, whole_number


class MaterialForm(Form):
    """A mail, or a file, or both."""

    text = TextAreaField(
        "Mail",
        [Length(max=MOST_CHARACTERS, message=f"Paste {MOST_CHARACTERS:,} characters at most.")],
        filters=[lambda text: (text or "").replace("\x00", "")],
    )
    file = FileField("File")

    def validate_text(self, field: Any) -> None:
        """Want something to read."""
        if not (field.data or "").strip() and not self.file.data:
            raise ValidationError("Paste a mail, or choose a file.")


class SummaryForm(Form):
    """Nothing to fill in: it carries the token."""


class QuestionForm(Form):
    """A question in words."""

    question = LineField(
        "Question",
        [
            DataRequired("Ask something."),
            Length(max=500, message="A question has 500 characters at most."),
        ],
    )


class PurposeForm(Form):
    """Whom to write to, and what for."""

    contact_id = SelectField("To", [InputRequired("Choose a contact.")], coerce=whole_number)
    purpose = BlockField(
        "What for",
        [
            DataRequired("Say what the mail is for."),
            Length(max=1000, message="This takes 1,000 characters at most."),
        ],
    )


class DraftForm(PurposeForm):
    """A mail as it would be sent."""

    subject = LineField("Subject", [Length(max=200, message="200 characters at most.")])
    body = BlockField("Text", [Length(max=5000, message="5,000 characters at most.")])

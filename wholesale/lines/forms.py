"""The small forms around the grid."""

import json

from wtforms import HiddenField, SelectField, TextAreaField
from wtforms.validators import DataRequired, InputRequired

from wholesale.web.forms import EntryForm, Form, KeyField, LineField, whole_number


class BeginForm(EntryForm):
    """Which customer a document is for."""

    organization_id = KeyField("Customer", [InputRequired("Choose a customer.")])


class AddProductForm(Form):
    """Which product to add."""

    product_id = KeyField("Product", [InputRequired("Choose a product.")])


class RemovalForm(Form):
    """Which row to take out."""

    line_id = KeyField(validators=[InputRequired()])


class PrepackForm(Form):
    """How many pieces of a prepack go into which row."""

    pack_id = SelectField("Prepack", [InputRequired()], coerce=whole_number)
    line_id = SelectField("Colour", [InputRequired()], coerce=whole_number)
    pieces = LineField("Pieces", [DataRequired("Enter how many pieces.")])


class PasteForm(Form):
    """Rows from a sheet or a mail, and how often the document's rows had changed by then.

    Rows that were proposed come with the words that each was read from: ``sources``, as JSON.
    """

    rows = TextAreaField(
        "Rows",
        [DataRequired("Paste at least one row.")],
        filters=[lambda text: (text or "").replace("\x00", "")],
    )
    lines_version = HiddenField()
    sources = HiddenField()

    @property
    def words(self) -> dict[str, str]:
        """The words that proposed rows were read from, by row; none where they cannot be read."""
        try:
            found = json.loads(self.sources.data or "{}")
        except (ValueError, RecursionError):
            return {}
        pairs = found.items() if isinstance(found, dict) else ()
        return {row: words for row, words in pairs if isinstance(words, str)}

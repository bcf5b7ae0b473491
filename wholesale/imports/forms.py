"""Forms of the import pages."""

from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField

from wholesale.web.forms import EntryForm, Form

GOOD = "good"  # the choice to leave wrong rows out, rather than all or nothing


class UploadForm(EntryForm):
    """A file."""

    file = FileField("File", [FileRequired("Choose a file.")])


class OptionsForm(Form):
    """How rows are taken, beside what their columns mean."""

    takes_duplicates = BooleanField("Import duplicates too")
    makes_categories = BooleanField("Make categories that are missing")

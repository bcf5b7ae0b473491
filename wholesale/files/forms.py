"""Forms of files."""

from wtforms import MultipleFileField

from wholesale.web.forms import Form


class FilesForm(Form):
    """Files to add, or the one that replaces a file."""

    files = MultipleFileField("Add files")

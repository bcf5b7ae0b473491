"""Which tables a dump leaves out, each with its reason; every other one travels."""

from wholesale.extensions import db

# Opens something, or is of this database alone.
LEFT_OUT = {
    "sessions": "Who is signed in here is not signed in elsewhere.",
    "password_resets": "Links to a new password stay good in one place only.",
    "invitations": "Open ways in: invite again. The trail keeps who was invited.",
    "rate_counts": "Counts of the last minutes, under people's addresses.",
    "maintenance_windows": "Whether people may write is said where they do.",
    "job_notes": "Notes of the jobs of this database's queue, which stays behind.",
}
# The queue keeps its tables in a schema of its own: jobs name rows and processes of this database.
QUEUE = "procrastinate"
# What would have to be rewritten beyond use.
LEFT_OUT_ANONYMIZED = {
    "audit_chain": "Its hashes are of the true entries; the import chains the new ones.",
    "access_reads": "Who read which record, from which address.",
    "quote_documents": "PDFs with names and addresses; they are made again when asked for.",
    "imports": "Files of customers and people as they were uploaded.",
    "import_chunks": "Files of customers and people as they were uploaded.",
    "import_rows": "Files of customers and people as they were uploaded.",
    "import_changes": "Former values of customers and people.",
    "import_mappings": "Headers of uploaded files.",
}


def left_out(is_anonymized: bool) -> dict[str, str]:
    """Return the tables that a dump leaves out, with the reason of each."""
    return LEFT_OUT | (LEFT_OUT_ANONYMIZED if is_anonymized else {})


def travelling(is_anonymized: bool) -> list[str]:
    """Return the tables that a dump holds, those that others refer to first."""
    absent = left_out(is_anonymized)
    return [table.name for table in db.metadata.sorted_tables if table.name not in absent]

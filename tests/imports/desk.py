"""A person at the import pages without JavaScript: uploads, chooses columns, confirms, undoes."""

import io
import re
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.visitor import Visitor
from wholesale.imports import running
from wholesale.imports.models import Import, ImportRow


@dataclass
class ImportDesk:
    """Goes through the pages as one person, and looks into the database."""

    visitor: Visitor
    session: Session

    def upload(self, kind: str, content: bytes | str, name: str = "file.csv") -> TestResponse:
        """Send a file; returns the answer."""
        data = content.encode() if isinstance(content, str) else content
        form = {"key": str(uuid4()), "file": (io.BytesIO(data), name)}
        return self.visitor.post(f"/imports/new/{kind}", form, content_type="multipart/form-data")

    def bring(self, kind: str, content: bytes | str, name: str = "file.csv") -> Import:
        """Upload a file that can be read, and return its import."""
        answer = self.upload(kind, content, name)
        assert answer.status_code == 303, answer.text
        return self.seen(int(re.findall(r"/imports/(\d+)/", answer.headers["Location"])[0]))

    def choose(self, imported: Import, **fields: Any) -> TestResponse:
        """Confirm the guessed columns, or others: ``fields`` maps a header to a field."""
        chosen = imported.columns | fields.pop("columns", {})
        places = {
            f"column-{place}": chosen.get(header, "")
            for place, header in enumerate(imported.header)
        }
        answer = self.visitor.post(f"/imports/{imported.id}/columns", places | fields)
        running.wait()
        return answer

    def check(self, kind: str, content: bytes | str, name: str = "file.csv", **f: Any) -> Import:
        """Upload, take the guessed columns, and wait for the dry run."""
        imported = self.bring(kind, content, name)
        answer = self.choose(imported, **f)
        assert answer.status_code == 303, answer.text
        return self.seen(imported.id)

    def confirm(self, imported: Import, mode: str = "all") -> Import:
        """Write the rows and wait until it is done."""
        self.step(imported, "load", mode=mode)
        return self.seen(imported.id)

    def load(self, kind: str, content: bytes | str, mode: str = "all", **fields: Any) -> Import:
        """Upload, check and write."""
        return self.confirm(self.check(kind, content, **fields), mode)

    def step(self, imported: Import, verb: str, **fields: Any) -> TestResponse:
        """Press one of the buttons and wait for what it begins."""
        answer = self.visitor.post(f"/imports/{imported.id}/{verb}", fields)
        running.wait()
        return answer

    def page(self, imported: Import, query: str = "") -> str:
        """Return the import's page."""
        return self.visitor.get(f"/imports/{imported.id}{query}").text

    def seen(self, key: int) -> Import:
        """Return the import as the database has it now."""
        self.session.rollback()
        self.session.expire_all()
        return self.session.get_one(Import, key)

    def rows(self, imported: Import) -> list[ImportRow]:
        """Return what the rows came to."""
        query = select(ImportRow).where(ImportRow.import_id == imported.id)
        return list(self.session.scalars(query.order_by(ImportRow.line, ImportRow.id)))

    def outcomes(self, imported: Import) -> list[str]:
        """Return the outcomes, row by row."""
        return [row.outcome for row in self.rows(imported)]

    def problems(self, imported: Import) -> list[tuple[int, str | None, str]]:
        """Return line, column and reason of everything that is wrong."""
        return [
            (row.line, problem["column"], problem["reason"])
            for row in self.rows(imported)
            for problem in row.problems
        ]

"""Floor 3: files kept with records: storage, uploads, versions, pictures made safe."""

from flask import Blueprint

blueprint = Blueprint("files", __name__)

from wholesale.files import routes, tasks  # noqa: E402, F401

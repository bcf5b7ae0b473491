"""A question in words becomes a link to one of our lists, which the person opens or not."""

from flask import url_for
from flask_login import current_user

from wholesale.access.gate import signed_in
from wholesale.assistant import blueprint
from wholesale.assistant.forms import QuestionForm
from wholesale.assistant.lists import Found, described, translated
from wholesale.assistant.models import Purpose
from wholesale.assistant.prompts import LIST, material
from wholesale.assistant.routes.asking import Question, ask, refuse_off
from wholesale.assistant.schemas import WantedList
from wholesale.core.clock import today
from wholesale.core.errors import DomainError
from wholesale.extensions import db
from wholesale.web.pages import Answer, page, typed


@blueprint.route("/ask", methods=["GET", "POST"])
@signed_in
def words() -> Answer:
    """Ask a question, and get the list that answers it."""
    refuse_off()
    form = QuestionForm(question=typed())
    found, status = None, 200
    if form.validate_on_submit():
        try:
            found = _found(form.question.data or "")
        except (ValueError, DomainError) as problem:
            db.session.rollback()
            status = getattr(problem, "status", 422)
            form.question.errors = [str(problem)]
    status = 422 if form.errors and status == 200 else status
    url = url_for(found.endpoint, **found.args) if found else ""
    return page("assistant/words.html", status=status, form=form, found=found, list_url=url)


def _found(question: str) -> Found:
    person = current_user._get_current_object()
    lists = described(db.session, person)
    if not lists:
        raise ValueError("There is no list that you may see.")
    day = today(person.time_zone)
    text = f"Today is {day:%A}, {day}.\n\n{lists}\n\n{material('question', question)}"
    wanted = ask(Question(Purpose.LIST, "", LIST, text, WantedList))
    return translated(db.session, person, wanted)

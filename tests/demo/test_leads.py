"""The demo company's leads: every stage, free, stale, put away, converted; with timelines."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.demo.conftest import TODAY
from tests.demo.test_company import count
from wholesale.core.codes import next_code
from wholesale.customers.models import Activity
from wholesale.leads.models import Lead
from wholesale.leads.workflow import LeadStage


def test_there_are_leads_in_every_stage(company: Session):
    per_stage = dict(company.execute(select(Lead.stage, func.count()).group_by(Lead.stage)).all())
    assert set(per_stage) == set(LeadStage)
    assert sum(per_stage.values()) == 120
    assert min(per_stage.values()) >= 9


def test_some_are_free_to_claim_some_stale_and_some_put_away(company: Session):
    assert count(company, "leads WHERE owner_id IS NULL AND archived_at IS NULL") >= 10
    assert count(company, "leads WHERE archived_at IS NOT NULL") == 9
    stale = f"""leads WHERE archived_at IS NULL AND stage NOT IN ('client', 'no_answer')
        AND last_activity_at < DATE '{TODAY}' - 14"""
    assert count(company, stale) >= 8
    assert count(company, f"leads WHERE next_step_on < DATE '{TODAY}'") >= 5


def test_a_converted_lead_has_its_customer_contact_and_order(company: Session):
    converted = company.query(Lead).filter(Lead.converted_at.is_not(None)).all()
    assert len(converted) == 14
    assert all(lead.stage == "client" and lead.organization and lead.contact for lead in converted)
    theirs = """orders o JOIN quotes q ON q.id = o.quote_id
        JOIN leads l ON l.organization_id = o.organization_id
        WHERE q.entry_key IS NOT NULL AND o.placed_at = converted_at AND q.status = 'accepted'"""
    assert count(company, theirs) == 14
    foreign = "leads l JOIN contacts c ON c.id = contact_id"
    assert count(company, f"{foreign} WHERE c.organization_id <> l.organization_id") == 0


def test_times_follow_each_other(company: Session):
    assert count(company, "leads WHERE last_activity_at < created_at") == 0
    assert count(company, "leads WHERE claimed_at < created_at") == 0
    assert count(company, f"leads WHERE last_activity_at > DATE '{TODAY}' + 1") == 0
    last = """leads l JOIN (SELECT lead_id, max(happened_at) AS last FROM activities
        GROUP BY lead_id) a ON lead_id = l.id WHERE last <> last_activity_at"""
    assert count(company, last) == 0
    assert count(company, f"activities WHERE happened_at > DATE '{TODAY}' + 1") == 0


def test_nobody_real_could_be_written_to(company: Session):
    assert count(company, "leads WHERE email NOT LIKE '%.example'") == 0
    assert count(company, "leads WHERE phone NOT LIKE '(___) 555-01__'") == 0


def test_customers_have_timelines_too_and_some_follow_ups_are_open(company: Session):
    of_customers = "activities WHERE lead_id IS NULL"
    assert count(company, of_customers) >= 60
    assert company.scalar(select(func.count(Activity.done_at))) >= 20
    assert count(company, "activities WHERE follow_up_on IS NOT NULL AND done_at IS NULL") >= 10


def test_the_next_lead_goes_on_from_the_codes(company: Session):
    codes = company.scalars(select(Lead.code).order_by(Lead.created_at, Lead.id)).all()
    assert codes == sorted(codes)
    following = next_code(company, "L")
    assert following > max((c for c in codes if c[:7] == following[:7]), default="")

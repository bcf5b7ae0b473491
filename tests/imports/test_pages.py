"""The way of a file: upload, columns, dry run, confirm, report; every page without JavaScript."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.imports.desk import ImportDesk
from wholesale.audit.models import AuditEntry
from wholesale.customers.models import Organization

FILE = """Company,ZIP,City,Tier,Phone
Ridge Runners,12345,Ridge,VIP,'+1 555 0100
Lake Lions,,Lake,golden,
Wolverton Wrestling Club,,Wolverton,standard,555-0101
"""


def named(session: Session, name: str) -> Organization | None:
    session.rollback()
    return session.scalar(select(Organization).where(Organization.name == name))


def test_columns_are_guessed_from_what_files_call_them(ops: ImportDesk):
    imported = ops.bring("organizations", FILE)
    assert imported.columns == {
        "Company": "name",
        "ZIP": "postal_code",
        "City": "city",
        "Tier": "tier",
        "Phone": "phone",
    }
    page = ops.visitor.get(f"/imports/{imported.id}/columns").text
    assert "Ridge Runners" in page
    assert '<option value="postal_code" selected>' in page


def test_the_dry_run_tells_each_row_and_writes_nothing(ops: ImportDesk, session: Session):
    imported = ops.check("organizations", FILE)
    assert imported.status == "checked"
    assert ops.outcomes(imported) == ["create", "error", "update"]
    assert ops.problems(imported) == [(3, "Tier", "“golden” is none of Standard, Wholesale, VIP.")]
    assert ops.rows(imported)[2].changes == {"Phone": [None, "555-0101"]}
    assert named(session, "Ridge Runners") is None
    page = ops.page(imported)
    assert "1 new, 1 changed, 0 unchanged, 0 duplicates, 1 error." in page


def test_rows_can_be_filtered_by_outcome(ops: ImportDesk):
    imported = ops.check("organizations", FILE)
    errors = ops.page(imported, "?outcome=error")
    assert "golden" in errors
    assert "Ridge Runners" not in errors
    fragment = ops.visitor.hx_get(f"/imports/{imported.id}?outcome=create", "results").text
    assert "Ridge Runners" in fragment
    assert "<h1" not in fragment


def test_all_or_nothing_writes_nothing_while_a_row_is_wrong(ops: ImportDesk, session: Session):
    imported = ops.load("organizations", FILE)
    assert imported.status == "checked"
    assert "Nothing was imported" in ops.page(imported)
    assert named(session, "Ridge Runners") is None


def test_good_rows_only_leaves_the_wrong_ones_out(ops: ImportDesk, session: Session):
    imported = ops.load("organizations", FILE, mode="good")
    assert imported.status == "loaded"
    ridge = named(session, "Ridge Runners")
    assert ridge is not None
    assert (ridge.postal_code, ridge.tier, ridge.phone) == ("12345", "vip", "+1 555 0100")
    assert named(session, "Lake Lions") is None
    assert "1 new, 1 changed" in ops.page(imported)


def test_the_rows_that_were_not_written_come_back_with_their_reasons(ops: ImportDesk):
    imported = ops.load("organizations", FILE, mode="good")
    file = ops.visitor.get(f"/imports/{imported.id}/problems.csv").text
    assert file.splitlines()[0] == "\ufeffLine,Problem,Company,ZIP,City,Tier,Phone"
    assert file.splitlines()[1].startswith('3,"Tier: “golden” is none of')
    again = ops.check("organizations", file.replace("golden", "vip"))
    assert ops.outcomes(again) == ["create"]


def test_who_imported_what_is_in_the_trail(ops: ImportDesk, session: Session):
    imported = ops.load("organizations", FILE, mode="good")
    query = select(AuditEntry).where(
        AuditEntry.entity == "imports", AuditEntry.entity_id == str(imported.id)
    )
    entry = session.scalars(query).one()
    assert entry.actor.startswith("Otto Ops")
    assert entry.after is not None
    assert (entry.action, entry.after["create"]) == ("imported", 1)


def test_columns_are_remembered_for_the_next_file_with_these_headers(ops: ImportDesk):
    ops.check("organizations", FILE, columns={"Phone": "territory"})
    assert ops.bring("organizations", FILE).columns["Phone"] == "territory"
    assert ops.bring("organizations", "Name,Phone\nA,1\n").columns["Phone"] == "phone"


def test_columns_that_cannot_work_are_refused_beside_them(ops: ImportDesk):
    imported = ops.bring("organizations", FILE)
    answer = ops.choose(imported, columns={"City": "tier", "Company": ""})
    assert answer.status_code == 422
    assert "Choose the column for Name." in answer.text
    assert "“City” fills this already." in answer.text
    assert ops.seen(imported.id).status == "uploaded"


def test_a_second_click_on_confirm_makes_one_run(ops: ImportDesk, session: Session):
    imported = ops.check("organizations", "Name\nRidge Runners\n")
    for _ in range(2):
        ops.visitor.post(f"/imports/{imported.id}/load", {"mode": "all"})
    ops.confirm(imported)
    session.rollback()
    count = select(func.count()).where(Organization.name == "Ridge Runners")
    assert session.scalar(count) == 1
    told = select(func.count()).where(
        AuditEntry.entity == "imports",
        AuditEntry.entity_id == str(imported.id),
        AuditEntry.action == "imported",
    )
    assert session.scalar(told) == 1


def test_the_same_upload_sent_twice_is_one_import(ops: ImportDesk):
    page = ops.visitor.get("/imports/new/organizations").text
    assert 'name="key"' in page
    assert 'enctype="multipart/form-data"' in page


def test_importing_again_changes_nothing(ops: ImportDesk):
    content = "Name,City\nRidge Runners,Ridge\n"
    ops.load("organizations", content)
    again = ops.check("organizations", content)
    assert ops.outcomes(again) == ["unchanged"]
    assert "There is nothing to write" in ops.page(again)


def test_an_upload_can_be_thrown_away_until_it_is_imported(ops: ImportDesk):
    imported = ops.check("organizations", FILE)
    assert ops.step(imported, "discard").status_code == 303
    assert ops.visitor.get(f"/imports/{imported.id}").status_code == 404
    loaded = ops.load("organizations", "Name\nRidge Runners\n")
    assert ops.step(loaded, "discard").status_code == 409


def test_the_lists_lead_to_the_import(ops: ImportDesk, cast: Cast):
    for url, kind in (
        ("/organizations", "organizations"),
        ("/contacts", "contacts"),
        ("/products", "products"),
    ):
        assert f'href="/imports/new/{kind}"' in ops.visitor.get(url).text


def test_script_in_a_file_is_text_on_the_page(ops: ImportDesk):
    tag = "<script>alert(1)</script>"
    content = f'Name,City,Price tier,"{tag}"\n{tag},{tag},{tag},{tag}\n{tag},{tag},,{tag}\n'
    imported = ops.check("organizations", content, name=f"{tag}.csv")
    assert ops.outcomes(imported) == ["error", "create"]
    pages = ops.page(imported) + ops.visitor.get(f"/imports/{imported.id}/columns").text
    assert "<script>alert" not in pages
    assert "&lt;script&gt;alert" in pages


def test_a_formula_in_a_name_is_stored_as_text_and_exported_harmless(
    ops: ImportDesk, session: Session
):
    formula = '=HYPERLINK("http://x.example";"Ridge")'
    quoted = formula.replace('"', '""')
    ops.load("organizations", f'Name\n"{quoted}"\n')
    assert named(session, formula) is not None
    exported = ops.visitor.get("/organizations.csv").text
    assert f'"\'{quoted}"' in exported

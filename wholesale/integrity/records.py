"""Invariants of customers, catalog, people, mail and the trail."""

from wholesale.integrity.invariant import Invariant

CUSTOMERS = (
    Invariant(
        "merged_customers_are_empty",
        "A customer that was merged into another has nothing of its own any more.",
        "Part the two customers again and merge them anew.",
        "SELECT 'organizations', m.id::text, m.name FROM organizations m"
        " WHERE m.merged_into_id IS NOT NULL AND ("
        " EXISTS (SELECT FROM orders WHERE organization_id = m.id)"
        " OR EXISTS (SELECT FROM quotes WHERE organization_id = m.id)"
        " OR EXISTS (SELECT FROM contacts WHERE organization_id = m.id))",
    ),
    Invariant(
        "merges_lead_to_a_living_customer",
        "Who was merged leads to a customer that was not merged itself.",
        "Part the two customers again.",
        "SELECT 'organizations', m.id::text, m.name FROM organizations m"
        " JOIN organizations k ON k.id = m.merged_into_id WHERE k.merged_into_id IS NOT NULL",
    ),
    Invariant(
        "one_primary_contact",
        "A customer has one primary contact at most.",
        "Choose the primary contact on the customer's page.",
        "SELECT 'organizations', organization_id::text, count(*) || ' primary contacts'"
        " FROM contacts WHERE is_primary GROUP BY organization_id HAVING count(*) > 1",
    ),
    Invariant(
        "claimed_leads_have_owners",
        "A lead has an owner if and only if it was claimed.",
        "Claim or release the lead.",
        "SELECT 'leads', id::text, code FROM leads"
        " WHERE (owner_id IS NULL) <> (claimed_at IS NULL)",
    ),
)
CATALOG = (
    Invariant(
        "prices_are_positive",
        "Every price in the catalog and in price lists is above zero.",
        "Correct the price on the product's or the list's page.",
        "SELECT 'products', id::text, sku::text FROM products WHERE base_price <= 0"
        " UNION ALL SELECT 'variants', id::text, code::text FROM variants WHERE price <= 0"
        " UNION ALL SELECT 'price_entries', id::text, price::text FROM price_entries"
        " WHERE price <= 0",
    ),
    Invariant(
        "categories_have_two_levels",
        "A category lies at the top or under one that does.",
        "Move the category on its page.",
        "SELECT 'categories', c.id::text, c.name::text FROM categories c"
        " JOIN categories p ON p.id = c.parent_id WHERE p.parent_id IS NOT NULL",
    ),
    Invariant(
        "products_have_variants",
        "A product in the lists has a colour to sell.",
        "Add a colour on the product's page, or archive the product.",
        "SELECT 'products', p.id::text, p.sku::text FROM products p WHERE p.archived_at IS NULL"
        " AND NOT EXISTS (SELECT FROM variants WHERE product_id = p.id)",
    ),
    Invariant(
        "pictures_are_whole",
        "A picture is what was uploaded, byte by byte.",
        "Upload the picture again.",
        "SELECT 'product_images', id::text, sha256 FROM product_images"
        " WHERE encode(sha256(content), 'hex') <> sha256",
    ),
)
PEOPLE = (
    Invariant(
        "somebody_administers",
        "At least one active administrator is there.",
        "flask users promote EMAIL",
        "SELECT 'users', '-', 'no active administrator' WHERE EXISTS (SELECT FROM users)"
        " AND NOT EXISTS (SELECT FROM users WHERE role = 'admin' AND is_active)",
    ),
    Invariant(
        "roles_exist",
        "Every person has a role that there is.",
        "Choose another role on the person's page.",
        "SELECT 'users', u.id::text, u.role FROM users u LEFT JOIN roles r ON r.name = u.role"
        " WHERE r.name IS NULL",
    ),
    Invariant(
        "disabled_people_are_signed_out",
        "Who is disabled has no session.",
        "flask sessions revoke --user EMAIL",
        "SELECT 'sessions', s.id::text, u.email::text FROM sessions s"
        " JOIN users u ON u.id = s.user_id WHERE NOT u.is_active",
    ),
)
UPKEEP = (
    Invariant(
        "waiting_mails_have_jobs",
        "A mail that waits has a job that will send it.",
        "flask mail retry --all after setting them to failed, or write to the recipients.",
        "SELECT 'outbox_mails', m.id::text, m.recipient::text FROM outbox_mails m"
        " WHERE m.state IN ('waiting', 'sending') AND NOT EXISTS ("
        " SELECT FROM procrastinate.procrastinate_jobs j WHERE j.task_name = 'mail.send'"
        " AND j.status IN ('todo', 'doing') AND j.args->>'mail_id' = m.id::text)",
    ),
    Invariant(
        "the_trail_is_chained",
        "Every entry of the trail has its link in the chain.",
        "flask audit verify says where it breaks; keep the database as it is and ask why.",
        "SELECT 'audit_entries', e.id::text, e.action FROM audit_entries e"
        " LEFT JOIN audit_chain c ON c.entry_id = e.id WHERE c.entry_id IS NULL",
    ),
)

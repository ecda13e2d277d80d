-- schemactl:description add view billing.open_amounts, add view billing.open_invoices
-- schemactl:author Platform team
-- schemactl:date 2026-11-21
-- schemactl:proven up and down on PostgreSQL 15.18, 6 of 6 tables seeded
-- schemactl:parent 4c615c11c0f223242d648c495491b3a031c06b8cc6ed9a274cf0f9fe467e1963
-- schemactl:sha256 4958cad8e28592f9ad287a3d3722e4f1d319d272db30cfca50b660f7390ccef9

-- view billing.open_invoices
CREATE VIEW billing.open_invoices AS
SELECT i.id, i.amount, i.status, u.email, u.firstname, u.lastname
  FROM billing.invoices i
  JOIN auth.users u ON u.id = i.user_id
 WHERE i.status IN ('sent', 'overdue');

-- view billing.open_amounts
CREATE VIEW billing.open_amounts AS
SELECT email, sum(amount) AS amount
  FROM billing.open_invoices
 GROUP BY email;

COMMENT ON VIEW billing.open_amounts IS 'The same by person';

-- view billing.open_invoices
COMMENT ON VIEW billing.open_invoices IS 'What is still to be paid';

-- schemactl:description add schema ledger, add table ledger.accounts, add table ledger.entries, add table ledger.entries_2026, add table ledger.entries_later
-- schemactl:author Ledger team
-- schemactl:date 2026-11-27
-- schemactl:proven up and down on PostgreSQL 15.18
-- schemactl:parent none
-- schemactl:sha256 38b8946d45cf1d01e08089c773d43901e5fc00db16bf83d355d81fa08903493c

-- schema ledger
CREATE SCHEMA ledger;

-- table ledger.accounts
CREATE TABLE ledger.accounts (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    number text NOT NULL,
    closed_at timestamp with time zone,
    CONSTRAINT accounts_pkey PRIMARY KEY (id),
    CONSTRAINT uq_accounts_number UNIQUE (number)
);

CREATE INDEX idx_accounts_closed_at ON ledger.accounts (closed_at);

-- table ledger.entries
CREATE TABLE ledger.entries (
    account_id uuid NOT NULL,
    booked_on date NOT NULL,
    amount numeric(14,2) NOT NULL
) PARTITION BY RANGE (booked_on);

CREATE INDEX idx_entries_account_id_booked_on ON ledger.entries (account_id, booked_on);

-- table ledger.entries_2026
CREATE TABLE ledger.entries_2026 (
    account_id uuid NOT NULL,
    booked_on date NOT NULL,
    amount numeric(14,2) NOT NULL
);

CREATE INDEX entries_2026_account_id_booked_on_idx ON ledger.entries_2026 (account_id, booked_on);

ALTER TABLE ledger.entries ATTACH PARTITION ledger.entries_2026 FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');

-- table ledger.entries_later
CREATE TABLE ledger.entries_later (
    account_id uuid NOT NULL,
    booked_on date NOT NULL,
    amount numeric(14,2) NOT NULL
);

-- table ledger.entries
ALTER TABLE ledger.entries ADD CONSTRAINT entries_account_id_fkey FOREIGN KEY (account_id) REFERENCES ledger.accounts (id);

-- table ledger.entries_later
CREATE INDEX entries_later_account_id_booked_on_idx ON ledger.entries_later (account_id, booked_on);

ALTER TABLE ledger.entries ATTACH PARTITION ledger.entries_later DEFAULT;

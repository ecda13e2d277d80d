-- schemactl:description add schema ledger, add table ledger.accounts, add table ledger.entries, add table ledger.entries_2026, add table ledger.entries_later
-- schemactl:author Ledger team
-- schemactl:date 2026-11-27
-- schemactl:hazard data-loss drop-table table ledger.entries_later: the table and its rows are dropped
-- schemactl:hazard data-loss drop-table table ledger.entries_2026: the table and its rows are dropped
-- schemactl:hazard data-loss drop-table table ledger.entries: the table and its rows are dropped
-- schemactl:hazard data-loss drop-table table ledger.accounts: the table and its rows are dropped
-- schemactl:proven up and down on PostgreSQL 15.18
-- schemactl:sha256 913d4828bda4c64aef1c95e0bb02e390c837c27f62a050823016b7f6287802ee

-- table ledger.entries
ALTER TABLE ledger.entries DROP CONSTRAINT entries_account_id_fkey;

-- table ledger.entries_later
DROP TABLE ledger.entries_later;

-- table ledger.entries_2026
DROP TABLE ledger.entries_2026;

-- table ledger.entries
DROP TABLE ledger.entries;

-- table ledger.accounts
DROP TABLE ledger.accounts;

-- schema ledger
DROP SCHEMA ledger;

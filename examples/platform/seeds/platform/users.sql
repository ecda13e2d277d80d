-- Runs once in each development database, and again when it changes: `schemactl seed --database platform`.
INSERT INTO auth.users (email) VALUES ('ana@example.org'), ('bo@example.org') ON CONFLICT DO NOTHING;

CREATE TABLE note (id integer PRIMARY KEY, owner name DEFAULT current_user, body text);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON note FOR ALL TO case_reader USING (owner = current_user) WITH CHECK (owner = current_user);
CREATE POLICY look ON note FOR SELECT USING (true);
CREATE POLICY strict ON note AS RESTRICTIVE FOR UPDATE TO case_writer, case_reader USING (id > 0);
COMMENT ON POLICY own ON note IS 'own notes';
INSERT INTO note (id, body) VALUES (1, 'a');

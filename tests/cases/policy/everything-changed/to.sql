CREATE TABLE note (id bigint PRIMARY KEY, owner name DEFAULT current_user, body text);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
ALTER TABLE note FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON note FOR ALL TO case_reader, case_owner USING (owner = session_user);
CREATE POLICY look ON note AS RESTRICTIVE FOR SELECT TO case_writer USING (id > 1);
CREATE POLICY strict ON note AS RESTRICTIVE FOR INSERT TO case_writer WITH CHECK (id > 0);
INSERT INTO note (id, body) VALUES (1, 'a');

CREATE TABLE job (id integer PRIMARY KEY, state text NOT NULL DEFAULT 'new' CHECK (state IN ('new', 'done')), history text[] DEFAULT '{new}');
CREATE INDEX job_new ON job (id) WHERE state = 'new';
CREATE INDEX job_state ON job (state, id);
CREATE VIEW open_jobs AS SELECT id, state FROM job WHERE state <> 'done';
CREATE FUNCTION changed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER on_state BEFORE UPDATE OF state ON job FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION changed();
ALTER TABLE job ENABLE ROW LEVEL SECURITY;
CREATE POLICY open_only ON job USING (state = 'new');
INSERT INTO job VALUES (1, 'new'), (2, 'done');

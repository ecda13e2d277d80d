CREATE TABLE t (id integer PRIMARY KEY, old text NOT NULL UNIQUE, q integer, CONSTRAINT ck_old CHECK (q > 0));
CREATE INDEX ix_old ON t (q) WHERE q > 1;
CREATE TABLE c (t_id text REFERENCES t (old));
INSERT INTO t VALUES (1, 'x', 2);
INSERT INTO c VALUES ('x');

CREATE TABLE t (a bigint PRIMARY KEY, b numeric(14,4), c numeric);
CREATE TABLE u (id int, a bigint REFERENCES t (a) ON DELETE SET NULL);
COMMENT ON CONSTRAINT u_a_fkey ON u IS 'kept';
ALTER TABLE t ADD CONSTRAINT wide UNIQUE (a) INCLUDE (b, c);
CREATE TABLE k (a int, b numeric(14,4), PRIMARY KEY (a) INCLUDE (b));
CREATE TABLE v (a int REFERENCES k);

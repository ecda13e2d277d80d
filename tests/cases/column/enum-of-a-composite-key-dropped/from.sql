CREATE SCHEMA s;
CREATE TYPE s.st AS ENUM ('new', 'old');
CREATE TABLE s.t (id bigint PRIMARY KEY, name text NOT NULL, status s.st NOT NULL, flag boolean NOT NULL, UNIQUE (name, status), UNIQUE (name, id, flag));
INSERT INTO s.t SELECT n, 'row ' || (n + 1) / 2, (enum_range(NULL::s.st))[n % 2 + 1], true FROM generate_series(1, 6) n;

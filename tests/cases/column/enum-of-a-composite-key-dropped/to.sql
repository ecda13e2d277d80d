CREATE SCHEMA s;
CREATE TYPE s.st AS ENUM ('new', 'old');
CREATE TABLE s.t (id bigint PRIMARY KEY, name text NOT NULL);

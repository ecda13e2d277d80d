CREATE TABLE t (id integer PRIMARY KEY, a boolean NOT NULL DEFAULT false, b integer NOT NULL DEFAULT 2, c text NOT NULL DEFAULT 'c');

CREATE SCHEMA archive;
CREATE TABLE archive.item (id integer PRIMARY KEY, name text);

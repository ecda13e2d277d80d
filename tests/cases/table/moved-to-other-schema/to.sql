CREATE SCHEMA archive;
CREATE TABLE archive.item (id serial PRIMARY KEY, name text);
CREATE INDEX item_name ON archive.item (name);

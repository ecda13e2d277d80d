CREATE TABLE item (id integer PRIMARY KEY, price bigint, note text);
CREATE FUNCTION label(item) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT $1.price::text';
CREATE FUNCTION is_dear(item) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT $1.price > 100';
CREATE INDEX by_label ON item (label(item));
CREATE INDEX dear ON item (note) WHERE is_dear(item);
ALTER TABLE item ADD CONSTRAINT one_label EXCLUDE USING btree (label(item) WITH =);
COMMENT ON INDEX by_label IS 'kept';
INSERT INTO item VALUES (1, 5, 'a'), (2, 500, 'b');

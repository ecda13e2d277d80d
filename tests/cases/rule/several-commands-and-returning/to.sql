CREATE TABLE item (id bigint PRIMARY KEY, name varchar(40), size integer DEFAULT 1);
CREATE TABLE log (id bigint, what text);
CREATE VIEW items AS SELECT id, name, size FROM item;
CREATE RULE add AS ON INSERT TO items DO INSTEAD INSERT INTO item VALUES (NEW.id, NEW.name, NEW.size) RETURNING item.id, item.name, item.size;
CREATE RULE note AS ON UPDATE TO item WHERE OLD.name IS DISTINCT FROM NEW.name DO ALSO (INSERT INTO log VALUES (OLD.id, OLD.name); INSERT INTO log VALUES (NEW.id, NEW.name));
COMMENT ON RULE note ON item IS 'both names';
CREATE RULE keep AS ON DELETE TO item DO INSTEAD NOTHING;
INSERT INTO item VALUES (1, 'a', 1);

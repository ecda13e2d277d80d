CREATE TABLE item (id integer PRIMARY KEY, name text);
CREATE TABLE log (id integer, what text);
CREATE VIEW items AS SELECT id, name FROM item;
CREATE RULE add AS ON INSERT TO items DO INSTEAD INSERT INTO item VALUES (NEW.id, NEW.name) RETURNING item.id, item.name;
CREATE RULE note AS ON UPDATE TO item WHERE OLD.name IS DISTINCT FROM NEW.name DO ALSO (INSERT INTO log VALUES (OLD.id, OLD.name); INSERT INTO log VALUES (NEW.id, NEW.name));
COMMENT ON RULE note ON item IS 'both names';
INSERT INTO item VALUES (1, 'a');

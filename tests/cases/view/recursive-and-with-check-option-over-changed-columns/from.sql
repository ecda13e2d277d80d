CREATE TABLE node (id integer PRIMARY KEY, parent integer REFERENCES node, name varchar(20));
CREATE RECURSIVE VIEW paths (id, path) AS SELECT id, name::text FROM node WHERE parent IS NULL UNION ALL SELECT n.id, p.path || '/' || n.name FROM node n JOIN paths p ON p.id = n.parent;
CREATE VIEW roots AS SELECT id, name FROM node WHERE parent IS NULL WITH LOCAL CHECK OPTION;
CREATE VIEW named_roots AS SELECT id, name FROM roots WHERE name <> '' WITH CASCADED CHECK OPTION;
ALTER VIEW roots ALTER COLUMN name SET DEFAULT 'root';
INSERT INTO node VALUES (1, NULL, 'a');

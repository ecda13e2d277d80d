CREATE TABLE node (id bigint PRIMARY KEY, parent bigint REFERENCES node, name text COLLATE "C");
CREATE RECURSIVE VIEW paths (id, path) AS SELECT id, name::text FROM node WHERE parent IS NULL UNION ALL SELECT n.id, p.path || '/' || n.name FROM node n JOIN paths p ON p.id = n.parent;
CREATE VIEW roots WITH (security_barrier) AS SELECT id, name FROM node WHERE parent IS NULL WITH CASCADED CHECK OPTION;
CREATE VIEW named_roots AS SELECT name, id FROM roots WHERE name <> '';
ALTER VIEW roots ALTER COLUMN name SET DEFAULT 'top';
INSERT INTO node VALUES (1, NULL, 'a');

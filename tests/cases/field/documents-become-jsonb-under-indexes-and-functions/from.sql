CREATE TABLE doc (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, body json NOT NULL DEFAULT '{}', tags character varying(20)[] DEFAULT ARRAY[]::varchar[]);
CREATE FUNCTION title(doc) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT $1.body ->> 'title' $$;
CREATE INDEX doc_title ON doc ((body ->> 'title'));
CREATE VIEW titles AS SELECT d.id, d.body ->> 'title' AS title, title(d) AS again FROM doc d;
INSERT INTO doc (body) VALUES ('{"title": "a"}');

CREATE SCHEMA app;
CREATE DOMAIN app.text AS pg_catalog.text;
CREATE DOMAIN app."integer" AS pg_catalog.int4;
CREATE DOMAIN app."char" AS pg_catalog.bpchar(3);
CREATE TABLE app.item (a app.text, b text, c app."integer", d integer, e app."char", f "char", g char);

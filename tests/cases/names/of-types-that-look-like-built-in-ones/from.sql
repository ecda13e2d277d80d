CREATE SCHEMA app;
CREATE DOMAIN app.text AS pg_catalog.text;

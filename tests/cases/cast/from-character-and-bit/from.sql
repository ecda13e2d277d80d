CREATE SCHEMA app;
CREATE TYPE app.code AS (c text);

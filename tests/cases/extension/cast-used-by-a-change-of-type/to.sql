CREATE EXTENSION hstore;
CREATE TABLE r (h jsonb);


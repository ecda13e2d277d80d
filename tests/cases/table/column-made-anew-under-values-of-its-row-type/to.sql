CREATE TABLE users (id int PRIMARY KEY, email text, low text GENERATED ALWAYS AS (upper(email)) STORED, more int);
CREATE TABLE log (u users, us users[]);
CREATE FUNCTION held() RETURNS text LANGUAGE sql AS $$ SELECT u::text || us::text FROM log $$;

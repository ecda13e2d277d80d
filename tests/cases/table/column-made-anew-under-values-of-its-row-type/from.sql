CREATE TABLE users (id int PRIMARY KEY, email text, low text GENERATED ALWAYS AS (lower(email)) STORED, more int);
CREATE TABLE log (u users, us users[]);
INSERT INTO users VALUES (1, 'X', DEFAULT, 7);
INSERT INTO log SELECT u, ARRAY[u, u] FROM users u;
CREATE FUNCTION held() RETURNS text LANGUAGE sql AS $$ SELECT u::text || us::text FROM log $$;

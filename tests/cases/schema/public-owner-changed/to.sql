ALTER SCHEMA public OWNER TO case_owner;
GRANT USAGE ON SCHEMA public TO case_reader;
CREATE TABLE public.note (id integer PRIMARY KEY);

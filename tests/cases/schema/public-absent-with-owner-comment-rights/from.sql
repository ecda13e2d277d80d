ALTER SCHEMA public OWNER TO case_owner;
COMMENT ON SCHEMA public IS 'ours';
REVOKE USAGE ON SCHEMA public FROM PUBLIC;
GRANT CREATE ON SCHEMA public TO case_writer;
CREATE TABLE public.note (id integer PRIMARY KEY);

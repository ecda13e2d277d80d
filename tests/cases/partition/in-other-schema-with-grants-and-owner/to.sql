CREATE SCHEMA parts;
CREATE TABLE public.e (k text) PARTITION BY LIST (k);
CREATE TABLE parts.e_a PARTITION OF public.e FOR VALUES IN ('a');
GRANT SELECT ON parts.e_a TO case_reader;
ALTER TABLE parts.e_a OWNER TO case_owner;

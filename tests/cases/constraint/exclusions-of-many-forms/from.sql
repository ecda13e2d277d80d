CREATE TABLE public.e (id integer, r int4range, c circle, d daterange);
ALTER TABLE public.e ADD CONSTRAINT e_r EXCLUDE USING gist (r WITH &&);
ALTER TABLE public.e ADD CONSTRAINT e_c EXCLUDE USING gist (c WITH &&) WHERE (id > 0);

CREATE TABLE public.e (id integer, r int4range, c circle, d daterange);
ALTER TABLE public.e ADD CONSTRAINT e_r EXCLUDE USING gist (r WITH &&, d WITH -|-) WHERE (r IS NOT NULL) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE public.e ADD CONSTRAINT e_c EXCLUDE USING gist (c WITH &&) WITH (fillfactor = 80) WHERE (id > 1);
ALTER TABLE public.e ADD CONSTRAINT e_h EXCLUDE USING hash (id WITH =);
ALTER TABLE public.e ADD CONSTRAINT e_b EXCLUDE (((id % 10)) WITH =);

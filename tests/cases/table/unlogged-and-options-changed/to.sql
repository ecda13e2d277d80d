CREATE UNLOGGED TABLE public.t (id serial PRIMARY KEY, k text) WITH (fillfactor = 70, autovacuum_enabled = off, toast.autovacuum_enabled = off);
CREATE TABLE public.u (id integer GENERATED ALWAYS AS IDENTITY, k text);

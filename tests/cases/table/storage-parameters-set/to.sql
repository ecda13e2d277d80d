CREATE TABLE public.item (id integer PRIMARY KEY, body text);
ALTER TABLE public.item SET (fillfactor = 70, autovacuum_enabled = false, toast.autovacuum_vacuum_threshold = 100);

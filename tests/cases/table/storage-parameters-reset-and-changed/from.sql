CREATE TABLE public.item (id integer PRIMARY KEY, body text);
ALTER TABLE public.item SET (fillfactor = 70, parallel_workers = 4, toast.autovacuum_enabled = false);

CREATE UNLOGGED TABLE public.cache (id integer PRIMARY KEY, body text);

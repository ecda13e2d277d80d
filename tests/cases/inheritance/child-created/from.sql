CREATE TABLE public.base (id integer PRIMARY KEY, name text NOT NULL DEFAULT 'x', CHECK (id > 0));

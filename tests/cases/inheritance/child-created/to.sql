CREATE TABLE public.base (id integer PRIMARY KEY, name text NOT NULL DEFAULT 'x', CHECK (id > 0));
CREATE TABLE public.special (extra text, PRIMARY KEY (id)) INHERITS (public.base);

CREATE TABLE public.base (id integer);
CREATE TABLE public.special (id integer, extra text);

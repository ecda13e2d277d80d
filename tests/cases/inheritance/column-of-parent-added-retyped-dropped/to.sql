CREATE TABLE public.base (id bigint, come date DEFAULT '2024-01-01');
CREATE TABLE public.special (extra text) INHERITS (public.base);

CREATE TABLE public.account_b (id integer, amount integer, label text);
CREATE TABLE public.special (id integer, amount integer, label text, extra text) INHERITS (public.account_b);

CREATE SEQUENCE public.gone_id_seq AS integer;
CREATE TABLE public.a (id integer PRIMARY KEY);
CREATE SEQUENCE public.n_seq;

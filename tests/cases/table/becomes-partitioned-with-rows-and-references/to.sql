CREATE SEQUENCE public.e_id_seq AS integer;
CREATE TABLE public.e (id integer NOT NULL DEFAULT nextval('public.e_id_seq'), k text, at date NOT NULL DEFAULT now(), PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
ALTER SEQUENCE public.e_id_seq OWNED BY public.e.id;
CREATE TABLE public.e_2024 PARTITION OF public.e FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE public.e_d PARTITION OF public.e DEFAULT;
CREATE INDEX e_k ON public.e (k);
CREATE VIEW public.v AS SELECT id, k FROM public.e;

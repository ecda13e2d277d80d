CREATE TABLE public.node (id bigint PRIMARY KEY, parent bigint REFERENCES public.node);

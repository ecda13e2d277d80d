CREATE TABLE public.item (id bigserial PRIMARY KEY, name text);

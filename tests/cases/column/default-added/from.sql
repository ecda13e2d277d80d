CREATE TABLE public.item (id integer, at timestamptz, n integer);

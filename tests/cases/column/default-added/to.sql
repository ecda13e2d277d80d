CREATE TABLE public.item (id integer, at timestamptz DEFAULT now(), n integer DEFAULT -1);

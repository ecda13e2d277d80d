CREATE TABLE public.item (id integer);
ALTER TABLE public.item ENABLE ROW LEVEL SECURITY;

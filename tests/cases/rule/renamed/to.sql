CREATE TABLE public.item (id integer);
CREATE RULE new_r AS ON DELETE TO public.item DO INSTEAD NOTHING;

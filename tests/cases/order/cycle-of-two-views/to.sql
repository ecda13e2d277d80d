CREATE TABLE public.item (id integer);
CREATE VIEW public.a AS SELECT id FROM public.item;
CREATE VIEW public.b AS SELECT id FROM public.a;
CREATE OR REPLACE VIEW public.a AS SELECT id FROM public.item WHERE id > 0;
CREATE OR REPLACE VIEW public.b AS SELECT id FROM public.item;
CREATE OR REPLACE VIEW public.a AS SELECT id FROM public.b;

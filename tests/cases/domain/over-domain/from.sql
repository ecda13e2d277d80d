CREATE DOMAIN public.z AS text CHECK (VALUE <> '');
CREATE DOMAIN public.a AS public.z CHECK (length(VALUE) < 9);
CREATE TABLE public.item (x public.a);
INSERT INTO public.item VALUES ('q');

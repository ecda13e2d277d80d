CREATE DOMAIN public.z AS varchar(30) CHECK (VALUE <> '');
CREATE DOMAIN public.a AS public.z CHECK (length(VALUE) < 10);
CREATE TABLE public.item (x public.a);

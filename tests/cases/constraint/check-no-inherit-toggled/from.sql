CREATE TABLE public.item (n integer, CONSTRAINT a CHECK (n > 0) NO INHERIT, CONSTRAINT b CHECK (n < 9));
CREATE TABLE public.special () INHERITS (public.item);
INSERT INTO public.item VALUES (1);
INSERT INTO public.special VALUES (2);

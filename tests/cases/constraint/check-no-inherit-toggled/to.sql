CREATE TABLE public.item (n integer, CONSTRAINT a CHECK (n > 0), CONSTRAINT b CHECK (n < 9) NO INHERIT);
CREATE TABLE public.special () INHERITS (public.item);

CREATE TABLE public.a (n integer, CONSTRAINT positive CHECK (n > 0));
CREATE TABLE public.b (n integer, CONSTRAINT positive CHECK (n > 0));

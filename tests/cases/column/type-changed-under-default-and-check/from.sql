CREATE TABLE public.item (n integer DEFAULT 5 CHECK (n > 0), CONSTRAINT pair CHECK (n <> 7));
INSERT INTO public.item VALUES (1);

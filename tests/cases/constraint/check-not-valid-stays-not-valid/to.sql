CREATE TABLE public.item (n integer, m integer);
INSERT INTO public.item VALUES (-1, 0);
ALTER TABLE public.item ADD CONSTRAINT positive CHECK (n > 0) NOT VALID;
ALTER TABLE public.item ALTER m SET DEFAULT 5;

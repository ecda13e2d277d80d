CREATE TABLE public.item (n integer);
INSERT INTO public.item VALUES (0);
ALTER TABLE public.item ADD CONSTRAINT positive CHECK (n > 0) NOT VALID;

CREATE TABLE public.item (n integer);
ALTER TABLE public.item ADD CONSTRAINT positive CHECK (n > 0) NOT VALID;

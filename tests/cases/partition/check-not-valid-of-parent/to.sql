CREATE TABLE public.item (a integer, b integer, c integer) PARTITION BY RANGE (a);
CREATE TABLE public.item_default PARTITION OF public.item DEFAULT;
ALTER TABLE public.item ADD CONSTRAINT positive CHECK (b > 0) NOT VALID;

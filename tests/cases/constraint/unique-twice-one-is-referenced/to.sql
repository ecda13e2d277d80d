CREATE TABLE public.item (a integer, CONSTRAINT item_u1 UNIQUE (a), CONSTRAINT item_u2 UNIQUE (a));
CREATE TABLE public.part (a integer REFERENCES public.item (a) ON DELETE CASCADE);

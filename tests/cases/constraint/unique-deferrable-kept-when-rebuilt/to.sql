CREATE TABLE public.item (a integer, b integer, CONSTRAINT item_u UNIQUE (a, b) DEFERRABLE INITIALLY DEFERRED);

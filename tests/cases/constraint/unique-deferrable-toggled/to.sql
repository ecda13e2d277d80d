CREATE TABLE public.item (a integer UNIQUE, b integer UNIQUE DEFERRABLE);

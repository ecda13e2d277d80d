CREATE TABLE public.item (n bigint DEFAULT 5 CHECK (n > 0), CONSTRAINT pair CHECK (n <> 7));

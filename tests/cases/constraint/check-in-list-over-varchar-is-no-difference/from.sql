CREATE TABLE public.item (s varchar(9), CONSTRAINT ok CHECK (s IN ('a', 'b')));

CREATE TABLE public.new (c numeric DEFAULT 1, b integer, CONSTRAINT c_check CHECK (c > 0)) PARTITION BY LIST (b);
CREATE TABLE public.p PARTITION OF public.new DEFAULT;

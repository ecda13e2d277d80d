CREATE TABLE public.t (a integer, b text, c integer DEFAULT 5, CONSTRAINT b_check CHECK (b <> '')) PARTITION BY LIST (a);
CREATE TABLE public.p PARTITION OF public.t FOR VALUES IN (10, 12);

CREATE TABLE public.old (a numeric DEFAULT 1, b integer, CONSTRAINT a_check CHECK (a > 0)) PARTITION BY LIST (b);
CREATE TABLE public.p PARTITION OF public.old DEFAULT;
INSERT INTO public.p VALUES (1, 1), (2, 2);

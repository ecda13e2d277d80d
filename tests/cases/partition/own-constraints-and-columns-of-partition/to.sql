CREATE TABLE public.e (k text, n integer) PARTITION BY LIST (k);
CREATE TABLE public.e_a PARTITION OF public.e (n DEFAULT 5 NOT NULL, CONSTRAINT own CHECK (n > 0)) FOR VALUES IN ('a');
ALTER TABLE public.e_a SET (fillfactor = 60);
COMMENT ON TABLE public.e_a IS 'a';

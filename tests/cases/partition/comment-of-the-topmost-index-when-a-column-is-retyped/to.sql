CREATE TABLE public.x (c numeric(12,2), p integer, UNIQUE (c, p)) PARTITION BY LIST (p);
CREATE TABLE public.x1 PARTITION OF public.x FOR VALUES IN (1) PARTITION BY LIST (p);
CREATE TABLE public.x2 PARTITION OF public.x1 FOR VALUES IN (1);
CREATE INDEX xi ON public.x (p, c);
COMMENT ON CONSTRAINT x_c_p_key ON public.x IS 'the key';
COMMENT ON INDEX public.x_c_p_key IS 'index of the key';

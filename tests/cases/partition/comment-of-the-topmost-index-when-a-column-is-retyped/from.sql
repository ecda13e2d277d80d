CREATE TABLE public.x (c numeric, p integer, UNIQUE (c, p)) PARTITION BY LIST (p);
CREATE TABLE public.x1 PARTITION OF public.x FOR VALUES IN (1) PARTITION BY LIST (p);
CREATE TABLE public.x2 PARTITION OF public.x1 FOR VALUES IN (1);
CREATE INDEX xi ON public.x (p, c);
COMMENT ON INDEX public.xi IS 'topmost';
COMMENT ON INDEX public.x2_p_c_idx IS 'leaf';
COMMENT ON INDEX public.x_c_p_key IS 'index of the key';
INSERT INTO public.x VALUES (1, 1);

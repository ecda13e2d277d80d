CREATE TABLE public.p (id integer PRIMARY KEY);
CREATE TABLE public.c (id integer, p_id integer);
ALTER TABLE public.c ADD CONSTRAINT c_fk FOREIGN KEY (p_id) REFERENCES public.p;
ALTER TABLE public.c ADD CONSTRAINT c_ck CHECK (id > 0);
ALTER TABLE public.c ADD CONSTRAINT c_ok CHECK (id > -1) NOT VALID;
COMMENT ON CONSTRAINT c_ok ON public.c IS 'ok';

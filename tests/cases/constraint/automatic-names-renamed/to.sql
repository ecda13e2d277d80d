CREATE TABLE public.p (id integer CONSTRAINT pk_p PRIMARY KEY, a integer CONSTRAINT uq_p UNIQUE, CONSTRAINT ck_p CHECK (a > 0));
CREATE TABLE public.c (p_id integer CONSTRAINT fk_c REFERENCES public.p, n integer CONSTRAINT ck_c CHECK (n < 5));
CREATE INDEX ix_c ON public.c (p_id, n);

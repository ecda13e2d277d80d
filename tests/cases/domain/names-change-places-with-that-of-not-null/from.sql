CREATE DOMAIN public.amount AS integer CONSTRAINT p NOT NULL CONSTRAINT q CHECK (VALUE > 0);
CREATE TABLE public.t (a public.amount);
INSERT INTO public.t VALUES (1);
COMMENT ON CONSTRAINT q ON DOMAIN public.amount IS 'positive';

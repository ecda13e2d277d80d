CREATE DOMAIN public.amount AS integer CONSTRAINT q NOT NULL CONSTRAINT p CHECK (VALUE > 0);
CREATE TABLE public.t (a public.amount);
COMMENT ON CONSTRAINT p ON DOMAIN public.amount IS 'positive';
COMMENT ON CONSTRAINT q ON DOMAIN public.amount IS 'there';

CREATE TABLE public.t (id integer GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME public.odd), n integer GENERATED ALWAYS AS IDENTITY);
COMMENT ON SEQUENCE public.odd IS 'one';
COMMENT ON SEQUENCE public.t_n_seq IS 'loses it';

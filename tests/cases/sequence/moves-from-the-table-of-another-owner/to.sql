CREATE TABLE public.new (id integer NOT NULL);
CREATE SEQUENCE public.ids OWNED BY public.new.id;

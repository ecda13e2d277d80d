CREATE TABLE public.old (id integer NOT NULL);
CREATE SEQUENCE public.ids OWNED BY public.old.id;
ALTER TABLE public.old OWNER TO case_owner;

CREATE SEQUENCE public.item_id_seq AS integer;
CREATE TABLE public.item (id integer NOT NULL DEFAULT nextval('public.item_id_seq'::regclass));
ALTER SEQUENCE public.item_id_seq OWNED BY public.item.id;

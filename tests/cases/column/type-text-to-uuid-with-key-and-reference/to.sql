CREATE TABLE public.item (id uuid PRIMARY KEY);
CREATE TABLE public.part (id integer PRIMARY KEY, item_id uuid REFERENCES public.item);

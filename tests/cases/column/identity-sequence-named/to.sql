CREATE TABLE public.item (id bigint GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME public.item_numbers));

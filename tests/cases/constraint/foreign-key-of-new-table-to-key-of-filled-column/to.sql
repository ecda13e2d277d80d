CREATE TABLE public.cart (cart_id integer NOT NULL GENERATED ALWAYS AS IDENTITY, uuid uuid, CONSTRAINT cart_pkey PRIMARY KEY (cart_id));

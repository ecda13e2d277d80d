CREATE TABLE public.cart (id text NOT NULL, CONSTRAINT cart_pkey PRIMARY KEY (id));
CREATE TABLE public.cart_line_item (id text PRIMARY KEY, cart_id text NOT NULL);
ALTER TABLE ONLY public.cart_line_item ADD CONSTRAINT cart_line_item_cart_id_foreign FOREIGN KEY (cart_id) REFERENCES public.cart(id) ON UPDATE CASCADE ON DELETE CASCADE;

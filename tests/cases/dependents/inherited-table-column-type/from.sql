CREATE TABLE public.account (id integer NOT NULL, amount integer, label text, CONSTRAINT account_ok CHECK (amount > 0 OR id > 0), PRIMARY KEY (id));
CREATE TABLE public.special (extra text) INHERITS (public.account);
CREATE INDEX special_extra ON public.special (extra);
CREATE INDEX special_c ON public.special (amount);
INSERT INTO public.account (id, amount, label) VALUES (1, 10, 'a');
INSERT INTO public.special (id, amount, label, extra) VALUES (2, 10, 'a', 'b');

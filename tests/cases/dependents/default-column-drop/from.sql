CREATE SEQUENCE public.account_no;
CREATE TABLE public.account (id integer NOT NULL, amount integer, label text, PRIMARY KEY (id));
ALTER TABLE public.account ALTER amount SET DEFAULT nextval('public.account_no');
INSERT INTO public.account (id, amount, label) VALUES (1, 10, 'a');

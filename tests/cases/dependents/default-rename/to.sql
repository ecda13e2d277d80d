CREATE SEQUENCE public.account_number;
CREATE TABLE public.account (id integer NOT NULL, total integer, label text, PRIMARY KEY (id));
ALTER TABLE public.account ALTER total SET DEFAULT nextval('public.account_number');

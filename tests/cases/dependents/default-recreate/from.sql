CREATE TABLE public.account (id integer NOT NULL, amount integer, label text, PRIMARY KEY (id));
ALTER TABLE public.account ALTER amount SET DEFAULT 7;
ALTER TABLE public.account ALTER label SET DEFAULT 'none';

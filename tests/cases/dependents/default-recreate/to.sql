CREATE TABLE public.account (id integer NOT NULL, amount integer, label text, PRIMARY KEY (id)) PARTITION BY HASH (id);
CREATE TABLE public.account_0 PARTITION OF public.account FOR VALUES WITH (MODULUS 1, REMAINDER 0);
ALTER TABLE public.account ALTER amount SET DEFAULT 7;
ALTER TABLE public.account ALTER label SET DEFAULT 'none';

CREATE TYPE public.state AS ENUM ('closed', 'new');
CREATE TABLE public.account (id integer NOT NULL, state public.state, label text, PRIMARY KEY (id));
ALTER TABLE public.account ALTER state SET DEFAULT 'new';
ALTER TABLE public.account ALTER label SET DEFAULT 'none';

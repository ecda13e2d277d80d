CREATE TYPE public.state AS ENUM ('new', 'open', 'closed');
CREATE TABLE public.account (id integer NOT NULL, state public.state, label text, PRIMARY KEY (id));
ALTER TABLE public.account ALTER state SET DEFAULT 'new';
ALTER TABLE public.account ALTER label SET DEFAULT 'none';
INSERT INTO public.account (id, state, label) VALUES (1, 'closed', 'a');

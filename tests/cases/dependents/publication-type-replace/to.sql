CREATE TYPE public.state AS ENUM ('closed', 'new');
CREATE TABLE public.account (id integer NOT NULL, state public.state, label text, PRIMARY KEY (id));
CREATE PUBLICATION account_pub FOR TABLE public.account (id, state) WHERE (id > 0);

CREATE TYPE public.state AS ENUM ('closed', 'new');
CREATE TABLE public.account (id integer, state public.state, label text) PARTITION BY LIST (state);
CREATE TABLE public.account_1 PARTITION OF public.account FOR VALUES IN ('new', 'closed');

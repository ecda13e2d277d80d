CREATE TYPE public.state AS ENUM ('closed', 'new');
CREATE TABLE public.account (id integer NOT NULL, state public.state, label text, CONSTRAINT account_ok CHECK (state = 'new' OR id > 0), PRIMARY KEY (id));
CREATE TABLE public.special (extra text) INHERITS (public.account);
CREATE INDEX special_extra ON public.special (extra);
CREATE INDEX special_c ON public.special (state);

CREATE TYPE public.state AS ENUM ('new', 'open', 'closed');
CREATE TABLE public.account (id integer NOT NULL, state public.state, label text, CONSTRAINT account_ok CHECK (state = 'new' OR id > 0), PRIMARY KEY (id));
CREATE TABLE public.special (extra text) INHERITS (public.account);
CREATE INDEX special_extra ON public.special (extra);
CREATE INDEX special_c ON public.special (state);
INSERT INTO public.account (id, state, label) VALUES (1, 'closed', 'a');
INSERT INTO public.special (id, state, label, extra) VALUES (2, 'closed', 'a', 'b');

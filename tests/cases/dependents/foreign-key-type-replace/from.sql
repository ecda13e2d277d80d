CREATE TYPE public.state AS ENUM ('new', 'open', 'closed');
CREATE TABLE public.account (id integer NOT NULL, state public.state CONSTRAINT account_key PRIMARY KEY);
CREATE TABLE public.entry (k public.state, n integer, CONSTRAINT entry_account FOREIGN KEY (k) REFERENCES public.account (state) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED);
COMMENT ON CONSTRAINT entry_account ON public.entry IS 'kept';
INSERT INTO public.account VALUES (1, 'closed');
INSERT INTO public.entry VALUES ('closed', 1);

CREATE TABLE public.account (id integer NOT NULL, amount integer, label text, PRIMARY KEY (id));
CREATE STATISTICS public.account_s (dependencies, mcv) ON (amount > 0), id, label FROM public.account;
ALTER STATISTICS public.account_s SET STATISTICS 200;
COMMENT ON STATISTICS public.account_s IS 'together';
ALTER STATISTICS public.account_s OWNER TO case_owner;
INSERT INTO public.account (id, amount, label) VALUES (1, 10, 'a');

CREATE SEQUENCE public.account_no;
CREATE TABLE public.account (id integer NOT NULL, label text, PRIMARY KEY (id));

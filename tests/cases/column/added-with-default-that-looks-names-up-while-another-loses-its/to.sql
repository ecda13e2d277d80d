CREATE SEQUENCE public.address_seq;
CREATE FUNCTION public.next_address() RETURNS text LANGUAGE sql AS $$ SELECT 'address/' || nextval('address_seq')::text $$;
CREATE TABLE public.member (id integer PRIMARY KEY, address text, name text, inbox text DEFAULT public.next_address(), outbox text DEFAULT public.next_address() NOT NULL);

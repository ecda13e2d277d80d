CREATE SEQUENCE public.changeme_seq;
CREATE FUNCTION public.generate_unique_changeme() RETURNS text LANGUAGE sql AS $$ SELECT 'http://changeme.invalid/seq/' || nextval('changeme_seq')::text; $$;
CREATE TABLE public.community (id integer NOT NULL PRIMARY KEY, ap_id character varying(255) DEFAULT public.generate_unique_changeme() NOT NULL, CONSTRAINT u UNIQUE (ap_id));
CREATE UNIQUE INDEX idx_community_lower_actor_id ON public.community USING btree (lower((ap_id)::text));

CREATE TABLE public.zone (id integer PRIMARY KEY, kind text NOT NULL DEFAULT 'person');
CREATE FUNCTION public.has_kind(zone integer, wanted text) RETURNS boolean LANGUAGE plpgsql SET search_path = 'public' AS
    $$ BEGIN RETURN (SELECT kind FROM zone WHERE id = $1) = wanted; END $$;
CREATE TABLE public.member (zone_id integer NOT NULL, CONSTRAINT is_person CHECK (public.has_kind(zone_id, 'person')));

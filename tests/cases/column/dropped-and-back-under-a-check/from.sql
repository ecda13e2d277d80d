CREATE DOMAIN public.code AS text CHECK (VALUE ~ '^[A-Z]+$');
CREATE DOMAIN public.share AS numeric CHECK (VALUE > 0) CHECK (VALUE <= 1);
CREATE TABLE public.item (
    id integer PRIMARY KEY,
    state text NOT NULL CHECK (state IN ('open', 'closed')),
    amount integer NOT NULL CHECK (amount > 100),
    name text NOT NULL CHECK (length(name) >= 3),
    code public.code NOT NULL,
    share public.share NOT NULL CHECK (share < 1),
    least integer NOT NULL,
    most integer NOT NULL,
    kept integer NOT NULL,
    CHECK (least <= most),
    CHECK (most > kept)
);
INSERT INTO public.item VALUES (1, 'open', 150, 'ana', 'AT', 0.5, 2, 9, 8), (2, 'closed', 101, 'bob', 'DE', 0.25, 1, 6, 5);

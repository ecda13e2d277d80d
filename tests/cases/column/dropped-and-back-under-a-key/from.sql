CREATE TYPE public.colour AS ENUM ('red', 'green', 'blue');
CREATE TABLE public.item (
    id uuid PRIMARY KEY,
    slug varchar(20) NOT NULL UNIQUE,
    number integer NOT NULL,
    colour public.colour NOT NULL UNIQUE,
    made timestamptz NOT NULL UNIQUE,
    day date NOT NULL UNIQUE,
    body jsonb NOT NULL UNIQUE,
    hash bytea NOT NULL UNIQUE,
    address inet NOT NULL UNIQUE,
    tags text[] NOT NULL UNIQUE,
    open boolean NOT NULL UNIQUE,
    kept integer NOT NULL
);
CREATE UNIQUE INDEX item_number ON public.item (kept, number) WHERE number > 0;
INSERT INTO public.item VALUES
    ('00000000-0000-0000-0000-00000000000a', 'a', 5, 'red', '2020-01-01', '2020-01-01', '1', '\x00', '10.0.0.1', '{a}', true, 1),
    ('00000000-0000-0000-0000-00000000000b', 'b', 6, 'blue', '2020-01-02', '2020-01-02', '2', '\x01', '10.0.0.2', '{b}', false, 1);

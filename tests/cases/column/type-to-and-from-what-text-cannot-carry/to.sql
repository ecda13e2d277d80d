CREATE TABLE public.item (
    id integer PRIMARY KEY, a bytea NOT NULL, b bytea NOT NULL, c smallint NOT NULL, d boolean NOT NULL, e jsonb NOT NULL,
    f timestamptz NOT NULL, g double precision NOT NULL, h bytea
);

CREATE TYPE public.colour AS ENUM ('red', 'green', 'blue');
CREATE TABLE public.item (kept integer NOT NULL);

CREATE TABLE public.gp (a integer, b integer, CONSTRAINT pos2 CHECK (b > 0));
CREATE TABLE public.p (c integer) INHERITS (public.gp);
CREATE TABLE public.other (b integer, CONSTRAINT pos CHECK (b > 1));
CREATE TABLE public.kid1 () INHERITS (public.p);
CREATE TABLE public.kid2 (CONSTRAINT pos3 CHECK (b > 1)) INHERITS (public.p, public.other);

CREATE TYPE public.shell;

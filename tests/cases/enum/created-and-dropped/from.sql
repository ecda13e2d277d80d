CREATE TYPE public.old_state AS ENUM ('a', 'b');

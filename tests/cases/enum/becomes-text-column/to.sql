CREATE TABLE public.item (s text DEFAULT 'a' NOT NULL);

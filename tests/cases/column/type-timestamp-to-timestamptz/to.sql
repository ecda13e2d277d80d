CREATE TABLE public.item (at timestamptz DEFAULT now());

CREATE TABLE public.part (a integer, b integer);
ALTER TABLE public.part ADD CONSTRAINT part_pkey PRIMARY KEY (a, b);
ALTER TABLE public.part ADD CONSTRAINT part_one UNIQUE (a, b);
ALTER TABLE public.part ADD CONSTRAINT part_two UNIQUE (a, b);
ALTER TABLE public.part ADD CONSTRAINT part_three UNIQUE (b, a);
CREATE TABLE public.item (a integer, b integer);

CREATE TABLE public.item (a numeric DEFAULT 1.0, b varchar(5) DEFAULT 'x', c timestamptz DEFAULT CURRENT_TIMESTAMP, d boolean DEFAULT 't');

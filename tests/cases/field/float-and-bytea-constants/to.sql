CREATE TABLE public.item (f float8 DEFAULT 0.30000000000000004, r real DEFAULT 1.1e-7, b bytea DEFAULT '\x00fe');

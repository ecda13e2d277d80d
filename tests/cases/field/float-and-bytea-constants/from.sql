CREATE TABLE public.item (f float8 DEFAULT 0.1::float8 + 0.2::float8, r real DEFAULT 1e-7, b bytea DEFAULT '\x00ff');

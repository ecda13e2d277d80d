create table n (id bigint, t text, g text generated always as (id::text) stored); create table l (r n, rs n[]);

create table n (id int, t text, g text generated always as (t || 'x') stored); create table l (r n, rs n[]);

create table n (id int, t text, g uuid default gen_random_uuid(), s int generated always as identity, z serial); create table l (r n, rs n[]);

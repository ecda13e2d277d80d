create table n (id int, t text, k int not null default 3, u uuid not null default gen_random_uuid()); create type c as (n n); create domain dn as n; create table l (r c, d dn, x n[]);

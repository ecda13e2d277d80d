create function ok(varchar) returns boolean immutable language sql as 'select $1 <> $$$$'; create domain d as varchar check (ok(value)); create domain d2 as d; create table t(a d, b d2[]);

create function f(a text default 'a') returns bigint language sql immutable as 'select 1::bigint'; create domain d as int constraint k check (f() > 0) default 1 + f()::int; create table t (x d);

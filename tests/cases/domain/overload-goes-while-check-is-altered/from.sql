create function f(a int default 1) returns bigint language sql immutable as 'select 1::bigint'; create domain d as int constraint k check (f(value) > 0) default f()::int; create table t (x d);

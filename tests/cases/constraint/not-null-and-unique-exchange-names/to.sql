create table t (a int constraint y not null, b int, constraint x unique (b));
create table u (a int constraint y not null, b int, constraint x check (b > 0)) partition by list (a);
create table u1 partition of u for values in (1);

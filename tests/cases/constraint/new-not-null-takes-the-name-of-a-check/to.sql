create table t (a int constraint y not null, b int, constraint x check (b > 0));
create table u (a int constraint y not null, b int);

create table t (a int constraint x not null, b int, constraint y unique (b));
create table u (a int constraint x not null, b int, constraint y check (b > 0)) partition by list (a);
create table u1 partition of u for values in (1);
insert into t values (1, 1); insert into u values (1, 1);

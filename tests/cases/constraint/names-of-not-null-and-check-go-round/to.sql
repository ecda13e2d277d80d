create table t (a int constraint y not null, b int constraint z not null, constraint x check (b > 0));

create table t(a int constraint x not null, b int constraint y not null);

create table t(a int constraint n1 not null, b int constraint n2 not null, primary key (a,b));

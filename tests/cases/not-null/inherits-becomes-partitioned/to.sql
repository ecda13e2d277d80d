create table p(a int not null, b int constraint bb not null) partition by list (a);
create table k partition of p for values in (1);

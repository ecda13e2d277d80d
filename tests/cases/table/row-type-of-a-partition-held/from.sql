create table k (a int, b int) partition by list (a);
create table k1 partition of k for values in (1);
create table h (r k, r1 k1);

create table k (a int, b bigint);
create table h (r k);

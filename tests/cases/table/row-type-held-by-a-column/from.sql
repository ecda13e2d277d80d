create table k (a int, b int);
create table h (r k);

create table k(a int, b bigint, d date); create table h(r k);

create table k(a bigint); create table h(r k); create table g(q h);

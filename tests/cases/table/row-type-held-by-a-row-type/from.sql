create table k(a int); create table h(r k); create table g(q h); insert into g values (row(row(1)));

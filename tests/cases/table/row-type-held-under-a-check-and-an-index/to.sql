create table k(a int, b bigint); create table h(id int primary key, r k, check ((r).a > 0)); create index hi on h (((r).b));

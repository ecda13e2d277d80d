create table k(a int, b int); create table h(id int primary key, r k, check ((r).a > 0)); create index hi on h (((r).b)); insert into h values (1,row(1,2));

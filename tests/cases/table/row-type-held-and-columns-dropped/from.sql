create table k(a int, b int, c text); create table h(r k); insert into h values (row(1,2,'x'));

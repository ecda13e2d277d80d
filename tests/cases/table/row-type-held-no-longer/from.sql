create table k(a int, b int); create table h(id int, r k);

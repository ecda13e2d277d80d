create table k(a int, b bigint); create table h(id int, r text);

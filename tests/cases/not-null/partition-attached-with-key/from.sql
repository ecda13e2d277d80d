create table m(a int, b int, primary key (a,b)) partition by list (a);
create table m1(a int, b int, primary key (a,b));

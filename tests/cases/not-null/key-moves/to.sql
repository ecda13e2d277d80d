create table p(a int not null, b int primary key);
create table k(x int, primary key (b)) inherits (p);
create table g() inherits (k);

create table n (id int, t text); create table l (r n, rs n[]); insert into n values (1, 'x'); insert into l values (row(1, 'x'), array[row(2, 'y')]::n[]);

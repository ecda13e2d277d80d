create foreign data wrapper w; create server s foreign data wrapper w; create foreign table f (a int constraint k check (a > 0)) server s;

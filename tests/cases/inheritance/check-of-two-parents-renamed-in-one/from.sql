create table p1 (x int, constraint k check (x > 0)); create table p2 (x int, constraint k check (x > 0)); create table c () inherits (p1, p2);

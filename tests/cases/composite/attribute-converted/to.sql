create type s as (a int, b text); create table t (id int, a s, check (id <> 1 or (a).b = 'n2'));

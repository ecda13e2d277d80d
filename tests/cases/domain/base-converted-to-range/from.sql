create domain d as tstzrange; create table t (a d not null); insert into t values ('[2026-01-01,)');

create schema z;
create function z.eq(integer, text) returns boolean language sql immutable as 'select true';
create function z.same(text, text) returns boolean language sql immutable as 'select true';
create operator z.<<> (leftarg = integer, rightarg = text, function = z.eq, commutator = operator(z.<>>));
-- Both name the same one.
create operator z.=== (leftarg = text, rightarg = text, function = z.same, negator = operator(z.!==));
create operator z.!!! (leftarg = text, rightarg = text, function = z.same, negator = operator(z.!=!));

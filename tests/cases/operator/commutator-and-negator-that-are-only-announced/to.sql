create schema y;
create function y.eq(integer, text) returns boolean language sql immutable as 'select false';
create operator y.<<> (leftarg = integer, rightarg = text, function = y.eq, commutator = operator(y.<>>));
create schema z;
create function z.same(text, text) returns boolean language sql immutable as 'select true';
create operator z.=== (leftarg = text, rightarg = text, function = z.same, negator = operator(z.!==));
-- The one that was announced is there now.
create operator z.!== (leftarg = text, rightarg = text, function = z.same, negator = operator(z.===));
create operator z.!!! (leftarg = text, rightarg = text, function = z.same);

-- schemactl:description the roles that every installation starts with
-- schemactl:author Platform team
-- schemactl:date 2026-11-21
-- schemactl:parent 8ed1d453535a6c763ee7bc00540a65b019ef9679c9b137cc0a92ad207cf36c60
-- schemactl:sha256 febfd4612997ef9bcb5880df23f6fc94ba66a8c53a962ce676e306c118c3fc96
-- schemactl:proven up and down on PostgreSQL 15.18

-- What every installation starts with.
INSERT INTO registry.roles (role_code, role_name)
VALUES ('ADMIN', 'admin'),
       ('CLERK', 'clerk'),
       ('USER', 'user');

-- schemactl:description the roles that every installation starts with
-- schemactl:author Platform team
-- schemactl:date 2026-11-21
-- schemactl:sha256 384632176c405addeb178b7d9f2a1883d5b898608eb60c4cef319353a8ad2252
-- schemactl:proven up and down on PostgreSQL 15.18

DELETE FROM registry.roles WHERE role_code IN ('ADMIN', 'CLERK', 'USER');

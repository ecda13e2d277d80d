//! The system catalogs, each with its place in the model: nothing that PostgreSQL can hold is overlooked in silence.

/// Catalogs whose rows are told as a part of another object.
pub const PARTS: &[(&str, &str)] = &[
    ("pg_aggregate", "the aggregate in pg_proc"),
    ("pg_amproc", "operator classes and families"),
    (
        "pg_attribute",
        "columns, and the attributes of composite types",
    ),
    ("pg_auth_members", "role memberships"),
    ("pg_db_role_setting", "settings of roles and databases"),
    ("pg_default_acl", "default privileges"),
    ("pg_depend", "the order of creation"),
    ("pg_description", "comments"),
    ("pg_enum", "the enumerated type"),
    ("pg_foreign_table", "the foreign table"),
    ("pg_index", "indexes and the constraints that own them"),
    (
        "pg_inherits",
        "inheritance, partitions and attached indexes",
    ),
    ("pg_init_privs", "what an extension grants by itself"),
    ("pg_partitioned_table", "the partitioned table"),
    ("pg_range", "the range type"),
    ("pg_seclabel", "security labels"),
    ("pg_sequence", "the sequence"),
    ("pg_shdepend", "owners, grantees and the roles of policies"),
    ("pg_shdescription", "comments of roles"),
    ("pg_shseclabel", "security labels of roles"),
    ("pg_ts_config_map", "the text search configuration"),
];

/// Catalogs whose rows are no part of a schema, and why.
pub const REFUSED: &[(&str, &str)] = &[
    (
        "pg_database",
        "a database is made by the project file, not by a migration",
    ),
    ("pg_largeobject", "large objects are data"),
    ("pg_largeobject_metadata", "large objects are data"),
    (
        "pg_parameter_acl",
        "rights on parameters belong to the cluster",
    ),
    ("pg_replication_origin", "the state of replication"),
    ("pg_statistic", "what ANALYZE found"),
    ("pg_statistic_ext_data", "what ANALYZE found"),
    ("pg_subscription_rel", "the state of replication"),
    ("pg_tablespace", "tablespaces are named and never made"),
];

//! What all objects have in common in KDL: comment, owner, grants and revokes, security labels, ties to
//! extensions, `renamed-from`, tags.

use super::{ForAll, Reading, bulk};
use crate::kdl::{Diagnostic, NodeReader, Path, Span, Spanned};
use crate::kind::comment::Comment;
use crate::kind::extension_dependency::{self, ExtensionDependency};
use crate::kind::grant::{Grant, signature_by};
use crate::kind::owner::Owner;
use crate::model::{Kind, ObjectId};
use crate::sql::quote::ident;

/// The words of `on=`.
const BULK: &[&str] = &["tables", "sequences", "functions", "types"];

/// The privileges of the language; `all` is whatever the server knows.
pub const PRIVILEGES: &[&str] = &[
    "all",
    "select",
    "insert",
    "update",
    "delete",
    "truncate",
    "references",
    "trigger",
    "maintain",
    "usage",
    "create",
    "execute",
    "connect",
    "temporary",
    "set",
    "alter-system",
    // Of the sequence of an identity column.
    "sequence-usage",
    "sequence-select",
    "sequence-update",
];

/// The privileges that objects of a kind can have ([Privileges](https://www.postgresql.org/docs/current/ddl-priv.html)); `None`
/// where that is not said here.
fn privileges_of(kind: Kind, columns: bool) -> Option<&'static [&'static str]> {
    Some(match kind {
        kind if columns || kind == Kind::Column => &[
            "select",
            "insert",
            "update",
            "references",
            "sequence-usage",
            "sequence-select",
            "sequence-update",
        ],
        Kind::Table | Kind::View | Kind::MaterializedView | Kind::ForeignTable => &[
            "select",
            "insert",
            "update",
            "delete",
            "truncate",
            "references",
            "trigger",
            "maintain",
        ],
        Kind::Sequence => &["usage", "select", "update"],
        Kind::Function | Kind::Procedure | Kind::Aggregate => &["execute"],
        Kind::Schema => &["usage", "create"],
        kind if kind.is_type() => &["usage"],
        Kind::Language | Kind::ForeignDataWrapper | Kind::Server => &["usage"],
        _ => return None,
    })
}

/// A privilege as SQL writes it.
fn privilege(word: &str) -> String {
    word.replace('-', " ").to_uppercase()
}

impl Reading<'_> {
    /// Reads and declares the facets of an object.
    pub fn facets(&mut self, reader: &mut NodeReader<'_>, id: &ObjectId) {
        if let Some(text) = reader.text("comment") {
            self.declare_only(
                reader,
                &id.child(Kind::Comment, ""),
                Comment { text: text.value },
                false,
            );
        }
        if matches!(id.kind, Kind::PrimaryKey | Kind::Unique | Kind::Exclude)
            && let Some(text) = reader.text("index-comment")
        {
            let comment = Comment { text: text.value };
            let id = id.child(Kind::Comment, crate::kind::comment::INDEX);
            self.declare_only(reader, &id, comment, false);
        }
        if let Some(role) = reader.name_of("owner") {
            self.declare_only(
                reader,
                &id.child(Kind::Owner, ""),
                Owner {
                    role: role.value,
                    is_said: true,
                },
                false,
            );
        }
        if let Some(path) = reader.path("renamed-from") {
            if id.kind == Kind::Role {
                self.diagnostics.push(role_is_not_renamed(id, &path));
            } else {
                self.renamed_from(id, &path);
            }
        }
        let tags = reader.list("tags");
        if !tags.is_empty() {
            let tags = tags.into_iter().map(|tag| tag.value);
            self.desired
                .tags
                .entry(id.clone())
                .or_default()
                .extend(tags);
        }
        for mut child in reader.children("security-label") {
            let label = child.text_argument("label");
            let provider = child.name_of("provider");
            if let (Some(label), Some(provider)) = (label, &provider) {
                let label = crate::kind::security_label::SecurityLabel { label: label.value };
                let id = id.child(Kind::SecurityLabel, &provider.value);
                self.declare_only(&child, &id, label, false);
            } else if !child.is_recording() && provider.is_none() {
                child.missing("`provider=`");
            }
            child.finish();
        }
        if extension_dependency::is_known_to(id.kind) {
            for extension in reader.list("depends-on-extension") {
                let id = id.child(Kind::ExtensionDependency, &extension.value);
                self.declare_only(reader, &id, ExtensionDependency {}, false);
            }
        }
        self.privileges(reader, id);
    }

    /// Reads and declares what is granted on an object and revoked.
    pub fn privileges(&mut self, reader: &mut NodeReader<'_>, id: &ObjectId) {
        for mut child in reader.children("grant") {
            self.grant(&mut child, id, true);
            child.finish();
        }
        for mut child in reader.children("revoke") {
            self.grant(&mut child, id, false);
            child.finish();
        }
    }

    /// One `grant` or `revoke` node.
    fn grant(&mut self, reader: &mut NodeReader<'_>, id: &ObjectId, granted: bool) {
        let privileges = reader.word_arguments(PRIVILEGES);
        let grantable = granted && reader.boolean("with-grant-option").unwrap_or(false);
        let grantor = reader.name_of("by").map(|name| name.value);
        let grantees = reader.list(if granted { "to" } else { "from" });
        let columns = reader.list("columns");
        let on = reader.word("on", BULK);
        if privileges.is_empty() && reader.node().arguments().next().is_none() {
            reader.missing("a privilege");
        }
        if grantees.is_empty() {
            reader.missing(if granted {
                "a role after `to=`"
            } else {
                "a role after `from=`"
            });
        }
        let kind = match &on {
            Some(on) => bulk::kinds(on.value).first().copied().unwrap_or(id.kind),
            None => id.kind,
        };
        if let Some(known) = privileges_of(kind, !columns.is_empty()) {
            for word in &privileges {
                if word.value != "all" && !known.contains(&word.value) {
                    let what = if columns.is_empty() {
                        kind.name()
                    } else {
                        "column"
                    };
                    self.diagnostics.push(
                        Diagnostic::error(
                            "kdl::unknown-word",
                            format!("`{}` is no privilege of a {what}", word.value),
                        )
                        .at(word.span, "not here")
                        .help(format!("known here: all, {}", known.join(", "))),
                    );
                }
            }
        }
        let span = reader.node().head();
        for privilege_word in &privileges {
            for grantee in &grantees {
                let name = if grantee.value.eq_ignore_ascii_case("public") {
                    "public"
                } else {
                    &grantee.value
                };
                let privilege = privilege(privilege_word.value);
                if let Some(on) = &on {
                    self.desired.for_all.push(ForAll {
                        schema: id.clone(),
                        on: on.value,
                        grantee: name.to_owned(),
                        privilege,
                        granted,
                        grantable,
                        span,
                    });
                    continue;
                }
                let grant = Grant {
                    granted,
                    grantable,
                    grantor: grantor.clone(),
                };
                if columns.is_empty() {
                    self.put_grant(id, name, &privilege, grant, span);
                } else {
                    for column in &columns {
                        let column = id.child(Kind::Column, &column.value);
                        self.put_grant(&column, name, &privilege, grant.clone(), span);
                    }
                }
            }
        }
    }

    fn put_grant(
        &mut self,
        object: &ObjectId,
        grantee: &str,
        privilege: &str,
        grant: Grant,
        span: Span,
    ) {
        let signature = signature_by(privilege, grant.grantor.as_deref());
        let id = object
            .child(Kind::Grant, grantee)
            .with_signature(&signature);
        if let Some(before) = self.desired.objects.get(&id) {
            let whole = id.parents().any(|whole| self.twice.contains(whole));
            if whole || before.object == crate::kind::Object::from(grant) {
                return;
            }
            let mistake = Diagnostic::error(
                "kdl::duplicate",
                format!("`{privilege}` for `{grantee}` is said twice"),
            )
            .at(before.span, "first here")
            .at(span, "and otherwise here");
            self.diagnostics.push(mistake);
            return;
        }
        if grant.granted {
            self.position(&id);
        }
        self.desired.objects.insert(
            id,
            super::DesiredObject {
                object: grant.into(),
                span,
                unnamed: false,
            },
        );
    }

    /// Grants over all declared objects of a schema become grants on each; what an object says itself goes first.
    pub(super) fn spread_bulk_grants(&mut self) {
        for bulk in self.desired.for_all.clone() {
            let kinds = bulk::kinds(bulk.on);
            let objects: Vec<ObjectId> = self
                .desired
                .objects
                .keys()
                .filter(|id| kinds.contains(&id.kind) && id.parent.as_deref() == Some(&bulk.schema))
                .cloned()
                .collect();
            for object in objects {
                let id = object
                    .child(Kind::Grant, &bulk.grantee)
                    .with_signature(&bulk.privilege);
                let grant = Grant {
                    granted: bulk.granted,
                    grantable: bulk.grantable,
                    grantor: None,
                };
                self.desired
                    .objects
                    .entry(id)
                    .or_insert(super::DesiredObject {
                        object: grant.into(),
                        span: bulk.span,
                        unnamed: false,
                    });
            }
        }
    }

    /// The owner of a schema is the owner of all in it that says nothing else.
    pub(super) fn spread_owners(&mut self) {
        let schemas: Vec<(ObjectId, super::DesiredObject)> = self
            .desired
            .objects
            .iter()
            .filter(|(id, _)| id.kind == Kind::Owner)
            .filter_map(|(id, owner)| Some((id.parent.as_deref()?.clone(), owner.clone())))
            .filter(|(schema, _)| schema.kind == Kind::Schema)
            .collect();
        for (schema, owner) in schemas {
            let owned: Vec<ObjectId> = self
                .desired
                .objects
                .keys()
                .filter(|id| id.parent.as_deref() == Some(&schema) && has_owner(id.kind))
                .filter(|id| {
                    !self.desired.objects.keys().any(|part| {
                        // A sequence that a column owns belongs to the table's owner.
                        part.kind == Kind::SequenceOwner && part.parent.as_deref() == Some(*id)
                    })
                })
                .map(|id| id.child(Kind::Owner, ""))
                .collect();
            for id in owned {
                self.desired
                    .objects
                    .entry(id)
                    .or_insert_with(|| owner.clone());
            }
        }
    }
}

/// A role belongs to the cluster: other databases and programs know it by its name, and no migration of one database can
/// be tried on scratch that changes it for all.
fn role_is_not_renamed(id: &ObjectId, path: &Spanned<Path>) -> Diagnostic {
    let (old, new) = (ident(path.value.name()), ident(&id.name));
    Diagnostic::error(
        "kdl::role-rename",
        "a role is renamed in its cluster and not by a migration of one database",
    )
    .at(path.span, "for all that are in a database")
    .help(format!(
        "run `ALTER ROLE {old} RENAME TO {new}` in each cluster (what it owns and has been granted follows), then write the new name alone"
    ))
}

/// Whether objects of a kind have an owner of their own.
pub(super) fn has_owner(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Table
            | Kind::View
            | Kind::MaterializedView
            | Kind::ForeignTable
            | Kind::Sequence
            | Kind::Function
            | Kind::Procedure
            | Kind::Aggregate
            | Kind::Enum
            | Kind::Domain
            | Kind::Composite
            | Kind::Range
            | Kind::BaseType
            | Kind::Collation
            | Kind::Conversion
            | Kind::Operator
            | Kind::OperatorClass
            | Kind::OperatorFamily
            | Kind::TextSearchDictionary
            | Kind::TextSearchConfiguration
            | Kind::Statistics
    )
}

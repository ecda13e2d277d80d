//! Lines of `scope` that are written into the project file: all else of it stays byte for byte.

use super::Project;
use crate::kdl::{Diagnostic, Node, NodeWriter, Splice, Value};

impl Project {
    /// The text of the project file with these lines (kind and pattern) as `ignore` in the scope of a database.
    ///
    /// # Errors
    /// What is wrong with the result, where it could not be read any more.
    pub fn ignoring(
        &self,
        database: &str,
        lines: &[(&'static str, String)],
    ) -> Result<String, Vec<Diagnostic>> {
        let mut nodes = self.sources.nodes();
        let Some(source) = nodes.clone().next().map(|node| node.span.source) else {
            return Ok(String::new());
        };
        let mut splice = Splice::new(source, self.sources.text(source));
        let written: Vec<NodeWriter> = lines
            .iter()
            .map(|(kind, pattern)| {
                let mut node = NodeWriter::new("ignore");
                node.text(kind, pattern);
                node
            })
            .collect();
        let is_its = |node: &&Node| {
            let mut arguments = node.arguments();
            node.name.value == "database"
                && arguments.any(|it| matches!(&it.value, Value::Text(name, _) if name == database))
        };
        let found = nodes.find(is_its);
        let scope = found.and_then(|node| {
            let mut children = node.children.iter();
            children.find(|child| child.name.value == "scope")
        });
        if let Some(scope) = scope {
            for node in &written {
                splice.insert_into(scope, node);
            }
            return splice.finish();
        }
        let mut scope = NodeWriter::new("scope");
        for node in written {
            scope.add(node);
        }
        match found {
            Some(node) => splice.insert_into(node, &scope),
            None => {
                let mut node = NodeWriter::new("database");
                node.name(database).add(scope);
                splice.append(&node)
            }
        };
        splice.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[test]
    fn the_lines_come_into_the_scope_that_is_there_or_into_a_new_one() {
        let lines = [("table", "public.schema_migrations".to_owned())];
        for text in [
            "project app edition=1 // kept\n",
            "project app edition=1\ndatabase app\n",
            "project app edition=1\ndatabase app { names }\n",
            "project app edition=1\ndatabase other { schema-files \"other\" }\ndatabase app {\n    scope {\n        ignore schema=x // kept\n    }\n}\n",
            "project app edition=1; database app { scope { ignore schema=x } }",
        ] {
            let folder = Path::new("/nowhere");
            let project = Project::parse(folder, text).unwrap();
            let edited = project.ignoring("app", &lines).unwrap();
            let again = Project::parse(folder, &edited).unwrap();
            let mut databases = again.databases.iter();
            let app = databases.find(|it| it.name.value == "app").unwrap();
            let says = |path: &str| app.scope.says("table", path);
            assert_eq!(says("public.schema_migrations"), Some(false), "{edited}");
            assert_eq!(says("public.users"), None, "{edited}");
            assert_eq!(text.contains("kept"), edited.contains("kept"));
        }
    }
}

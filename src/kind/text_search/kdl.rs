//! `text-search-parser n start=p gettoken=p end=p headline=p lextypes=p`, `text-search-template n init=p lexize=p`,
//! `text-search-dictionary n template=p { options k=x }` and
//! `text-search-configuration n parser=p { mapping n… { dictionaries p… } }`

use super::{
    Mapping, TextSearchConfiguration, TextSearchDictionary, TextSearchParser, TextSearchTemplate,
};
use crate::kdl::{NodeReader, NodeWriter};
use crate::kind::language::{NodeKind, Place, Reading, Writing};
use crate::kind::{functions, parts};
use crate::model::{Kind, ObjectId};

/// The node of parsers.
pub(in crate::kind) const PARSER: NodeKind = NodeKind {
    word: "text-search-parser",
    places: &[Place::Schema],
    kinds: &[Kind::TextSearchParser],
    read: read_parser,
};

/// The node of templates.
pub(in crate::kind) const TEMPLATE: NodeKind = NodeKind {
    word: "text-search-template",
    places: &[Place::Schema],
    kinds: &[Kind::TextSearchTemplate],
    read: read_template,
};

/// The node of dictionaries.
pub(in crate::kind) const DICTIONARY: NodeKind = NodeKind {
    word: "text-search-dictionary",
    places: &[Place::Schema],
    kinds: &[Kind::TextSearchDictionary],
    read: read_dictionary,
};

/// The node of configurations.
pub(in crate::kind) const CONFIGURATION: NodeKind = NodeKind {
    word: "text-search-configuration",
    places: &[Place::Schema],
    kinds: &[Kind::TextSearchConfiguration],
    read: read_configuration,
};

fn read_parser(reading: &mut Reading<'_>, reader: &mut NodeReader<'_>, parent: Option<&ObjectId>) {
    let (Some(schema), Some(name)) = (parent, reader.name()) else {
        return;
    };
    let home = schema.schema();
    let parser = TextSearchParser {
        start: functions::read(reading, reader, "start", home),
        gettoken: functions::read(reading, reader, "gettoken", home),
        end: functions::read(reading, reader, "end", home),
        headline: functions::read(reading, reader, "headline", home),
        lextypes: functions::read(reading, reader, "lextypes", home),
    };
    let id = schema.child(Kind::TextSearchParser, &name.value);
    reading.declare(reader, &id, parser);
}

pub(super) fn write_parser<'a>(
    parser: &TextSearchParser,
    id: &'a ObjectId,
    writing: &mut Writing<'a>,
) -> Option<NodeWriter> {
    let mut node = NodeWriter::new(PARSER.word);
    node.name(&id.name);
    for (_, word, name) in parser.parts() {
        functions::write(writing, &mut node, word, name, id);
    }
    writing.facets(id, &mut node);
    Some(node)
}

fn read_template(
    reading: &mut Reading<'_>,
    reader: &mut NodeReader<'_>,
    parent: Option<&ObjectId>,
) {
    let (Some(schema), Some(name)) = (parent, reader.name()) else {
        return;
    };
    let home = schema.schema();
    let template = TextSearchTemplate {
        init: functions::read(reading, reader, "init", home),
        lexize: functions::read(reading, reader, "lexize", home),
    };
    let id = schema.child(Kind::TextSearchTemplate, &name.value);
    reading.declare(reader, &id, template);
}

pub(super) fn write_template<'a>(
    template: &TextSearchTemplate,
    id: &'a ObjectId,
    writing: &mut Writing<'a>,
) -> Option<NodeWriter> {
    let mut node = NodeWriter::new(TEMPLATE.word);
    node.name(&id.name);
    for (word, name) in [("init", &template.init), ("lexize", &template.lexize)] {
        functions::write(writing, &mut node, word, name.as_ref(), id);
    }
    writing.facets(id, &mut node);
    Some(node)
}

fn read_dictionary(
    reading: &mut Reading<'_>,
    reader: &mut NodeReader<'_>,
    parent: Option<&ObjectId>,
) {
    let (Some(schema), Some(name)) = (parent, reader.name()) else {
        return;
    };
    let template = functions::read(reading, reader, "template", schema.schema());
    if template.is_none() && !reader.is_recording() {
        reader.missing("`template=`");
    }
    let dictionary = TextSearchDictionary {
        template: template.unwrap_or_default(),
        options: TextSearchDictionary::options_text(&parts::options(reader, "options")),
    };
    let id = schema.child(Kind::TextSearchDictionary, &name.value);
    reading.declare(reader, &id, dictionary);
}

pub(super) fn write_dictionary<'a>(
    dictionary: &TextSearchDictionary,
    id: &'a ObjectId,
    writing: &mut Writing<'a>,
) -> Option<NodeWriter> {
    let mut node = NodeWriter::new(DICTIONARY.word);
    node.name(&id.name);
    let template = Some(&dictionary.template);
    functions::write(writing, &mut node, "template", template, id);
    writing.facets(id, &mut node);
    node.pairs("options", &dictionary.pairs().0);
    Some(node)
}

fn read_configuration(
    reading: &mut Reading<'_>,
    reader: &mut NodeReader<'_>,
    parent: Option<&ObjectId>,
) {
    let (Some(schema), Some(name)) = (parent, reader.name()) else {
        return;
    };
    let home = schema.schema();
    let parser = functions::read(reading, reader, "parser", home);
    if parser.is_none() && !reader.is_recording() {
        reader.missing("`parser=`");
    }
    let mut mappings = Vec::new();
    for mut child in reader.children("mapping") {
        let tokens = parts::texts(child.arguments());
        let mut dictionaries = Vec::new();
        if let Some(mut list) = child.attribute("dictionaries") {
            for path in list.path_arguments() {
                dictionaries.push(reading.qualify(&path.value, home));
            }
            list.finish();
        }
        if dictionaries.is_empty() && !child.is_recording() {
            child.missing("`dictionaries`");
        }
        for token in tokens {
            mappings.push(Mapping {
                token,
                dictionaries: dictionaries.clone(),
            });
        }
        child.finish();
    }
    let configuration = TextSearchConfiguration {
        parser: parser.unwrap_or_default(),
        mappings,
    };
    let id = schema.child(Kind::TextSearchConfiguration, &name.value);
    reading.declare(reader, &id, configuration);
}

pub(super) fn write_configuration<'a>(
    configuration: &TextSearchConfiguration,
    id: &'a ObjectId,
    writing: &mut Writing<'a>,
) -> Option<NodeWriter> {
    let mut node = NodeWriter::new(CONFIGURATION.word);
    node.name(&id.name);
    let parser = Some(&configuration.parser);
    functions::write(writing, &mut node, "parser", parser, id);
    writing.facets(id, &mut node);
    let mut done: Vec<&str> = Vec::new();
    for mapping in &configuration.mappings {
        if done.contains(&mapping.token.as_str()) {
            continue;
        }
        // Tokens with the same dictionaries share a node.
        let tokens: Vec<&str> = configuration
            .mappings
            .iter()
            .filter(|other| other.dictionaries == mapping.dictionaries)
            .map(|other| other.token.as_str())
            .collect();
        let child = node.child("mapping");
        child.arguments(&tokens);
        let list = child.child("dictionaries");
        for dictionary in &mapping.dictionaries {
            list.path_argument(&parts::path(writing, dictionary, id));
        }
        done.extend(tokens);
    }
    Some(node)
}

//! Likely renames: asked on a terminal and written into the KDL file where the answer is yes, else told with the word to
//! write. And declared ones of which nothing has the old name.

use std::collections::BTreeMap;

use super::context::Context;
use super::failure::Failure;
use super::report::escaped;
use super::screen::Paint;
use crate::author::{Authored, Likely, lost_renames};
use crate::kdl::{Diagnostic, Mistakes, Node, SourceId, Span, Splice, text_literal};
use crate::project::{Declared, shown};

/// Asks for each; writes `renamed-from=` where the answer is yes. Gives whether a file was changed.
pub(super) fn take_over(
    context: &Context,
    declared: &Declared,
    likely: &[Likely],
) -> Result<bool, Failure> {
    if !context.screen.can_ask() || context.global.yes {
        return Ok(false);
    }
    let mut meant: BTreeMap<SourceId, Vec<(Span, &str)>> = BTreeMap::new();
    for rename in likely {
        let Some(span) = declared.desired.span(&rename.to) else {
            continue;
        };
        let question = format!(
            "{} goes and {} comes, alike but for the name: is it renamed?",
            escaped(&rename.from.to_string()),
            escaped(&rename.to.name)
        );
        if context.screen.says_yes(&question) {
            let words = meant.entry(span.source).or_default();
            words.push((span, &rename.from.name));
        }
    }
    for (source, words) in &meant {
        write(declared, *source, words)?;
    }
    Ok(!meant.is_empty())
}

/// Puts the words into the nodes of one file.
fn write(declared: &Declared, id: SourceId, words: &[(Span, &str)]) -> Result<(), Failure> {
    let Some(source) = declared.sources.get(id) else {
        return Ok(());
    };
    let nodes = declared.sources.nodes_again(id);
    let mut splice = Splice::new(id, &source.text);
    for (span, old) in words {
        if let Some(node) = node_at(&nodes, *span) {
            splice.add_property(node, "renamed-from", old);
        }
    }
    let text = splice
        .finish()
        .map_err(|mistakes| Mistakes::new(declared.sources.clone(), mistakes))?;
    std::fs::write(&source.path, text).map_err(|error| Failure::io("write", &source.path, &error))
}

/// The node whose word begins at a place.
fn node_at(nodes: &[Node], span: Span) -> Option<&Node> {
    nodes.iter().find_map(|node| {
        if node.name.span.start == span.start {
            Some(node)
        } else {
            node_at(&node.children, span)
        }
    })
}

/// Refuses each `renamed-from` whose old name nothing has where something is dropped that could be meant.
pub(super) fn refuse_lost(declared: &Declared, authored: &Authored) -> Result<(), Failure> {
    let mut mistakes = Vec::new();
    for lost in lost_renames(authored, &declared.desired) {
        let Some(dropped) = lost.dropped else {
            continue;
        };
        let near = match lost.near {
            Some(near) => format!("did you mean `{near}`? "),
            None => String::new(),
        };
        mistakes.push(
            Diagnostic::error(
                "kdl::dangling",
                format!(
                    "there is no {} to rename, and {dropped} would be dropped",
                    lost.rename.from
                ),
            )
            .at(lost.rename.span, "renamed from nothing")
            .help(format!(
                "{near}without `renamed-from` {} is made anew beside what is dropped",
                lost.rename.to
            )),
        );
    }
    match mistakes.is_empty() {
        true => Ok(()),
        false => Err(Mistakes::new(declared.sources.clone(), mistakes).into()),
    }
}

/// Tells of each `renamed-from` whose old name nothing has, so that its object is made anew.
pub(super) fn tell_lost(context: &Context, declared: &Declared, authored: &Authored) {
    for lost in lost_renames(authored, &declared.desired) {
        let near = match lost.near {
            Some(near) => format!("; did you mean `{near}`?"),
            None => String::new(),
        };
        context.screen.warn(escaped(&format!(
            "{}: there is no {} to rename, so {} is made anew{near}",
            declared.sources.place(lost.rename.span),
            lost.rename.from,
            lost.rename.to,
        )));
    }
}

/// Tells the word to write for each.
pub(super) fn tell(context: &Context, declared: &Declared, likely: &[Likely]) {
    for rename in likely {
        let place = declared
            .desired
            .span(&rename.to)
            .and_then(|span| {
                let source = declared.sources.get(span.source)?;
                let line = source.text[..span.start].matches('\n').count() + 1;
                Some(format!(" at {}:{line}", shown(&source.path).display()))
            })
            .unwrap_or_default();
        context.screen.say(format!(
            "  {} {} may be {} renamed; then write `renamed-from={}`{}",
            context.screen.paint(Paint::Careful, "?"),
            escaped(&rename.to.to_string()),
            escaped(&rename.from.name),
            escaped(&text_literal(&rename.from.name)),
            escaped(&place)
        ));
    }
}

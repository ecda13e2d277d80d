//! The files of a project. Many are parsed on several threads. A file with mistakes of syntax leaves those, and the nodes
//! that can be read in spite of them, so that what else is wrong is said in the same run; what follows from a mistake is
//! not.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::inside::{lies_within, shown};
use super::lexer::{Kind, Token};
use super::mend::mend;
use super::node::{Unread, nodes_of};
use super::{Diagnostic, Diagnostics, Node, SourceId, Span, Value};
use super::{lexer, structure, trap};

/// Parsing recurses per `{`; this is enough for the depth that [`super::lexer`] lets through.
const STACK: usize = 16 * 1024 * 1024;

/// One file: where it is, what it says, what was read.
#[derive(Debug, Clone, Default)]
pub struct Source {
    /// Path as it is shown to people.
    pub path: PathBuf,
    /// The whole text.
    pub text: String,
    /// The nodes; none when nothing of the text can be read.
    pub nodes: Vec<Node>,
    /// The heads of nodes that hold a mistake of syntax.
    broken: Vec<Span>,
    /// Whether nodes may be missing.
    incomplete: bool,
    /// The mistakes of syntax.
    mistakes: Vec<Diagnostic>,
}

/// All files of a project.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    files: Vec<Source>,
}

/// Reads a file that a `file=` names.
type Loader<'a> = &'a (dyn Fn(&Path) -> Result<Vec<u8>, Unread> + Sync);

impl Sources {
    /// Reads and parses the files at `paths` (relative ones from the current folder). A file that can't be read, is not
    /// UTF-8 or does not parse is a diagnostic. `file=` is read relative to its KDL file.
    pub fn load(paths: &[PathBuf], diagnostics: &Diagnostics) -> Self {
        Self::load_from(paths, None, &BTreeMap::new(), diagnostics)
    }

    /// [`Self::load`], where a `file=` may name no file outside of `folder`.
    pub fn load_within(folder: &Path, paths: &[PathBuf], diagnostics: &Diagnostics) -> Self {
        Self::load_from(paths, Some(folder), &BTreeMap::new(), diagnostics)
    }

    /// [`Self::load_within`], as if some of the files had other texts.
    pub fn load_instead(
        folder: &Path,
        paths: &[PathBuf],
        instead: &BTreeMap<PathBuf, String>,
        diagnostics: &Diagnostics,
    ) -> Self {
        Self::load_from(paths, Some(folder), instead, diagnostics)
    }

    fn load_from(
        paths: &[PathBuf],
        folder: Option<&Path>,
        instead: &BTreeMap<PathBuf, String>,
        diagnostics: &Diagnostics,
    ) -> Self {
        Self::load_all(folder, paths, instead, Sources::default(), diagnostics)
    }

    fn load_all(
        folder: Option<&Path>,
        paths: &[PathBuf],
        open: &BTreeMap<PathBuf, String>,
        before: Sources,
        diagnostics: &Diagnostics,
    ) -> Self {
        let mut texts = Vec::new();
        for path in paths {
            if let Some(text) = open.get(path) {
                texts.push((path.clone(), text.clone()));
                continue;
            }
            match std::fs::read(path).map(String::from_utf8) {
                Ok(Ok(text)) => texts.push((path.clone(), text)),
                Ok(Err(_)) => {
                    diagnostics.push(
                        Diagnostic::error(
                            "kdl::unreadable",
                            format!("`{}` is not UTF-8", path.display()),
                        )
                        .help("save the file as UTF-8"),
                    );
                    diagnostics.broken(&[]);
                }
                Err(error) => {
                    diagnostics.push(
                        Diagnostic::error(
                            "kdl::unreadable",
                            format!("can't read `{}`: {error}", path.display()),
                        )
                        .help("check the path and the file's permissions"),
                    );
                    diagnostics.broken(&[]);
                }
            }
        }
        let read = |path: &Path| {
            if folder.is_some_and(|folder| !lies_within(folder, path)) {
                return Err(Unread {
                    code: "config::outside",
                    why: format!("`{}` leads out of the project's folder", path.display()),
                    help: "put the file into the project; the path is relative to this KDL file",
                });
            }
            match open.get(path) {
                Some(text) => Ok(text.clone().into_bytes()),
                None => std::fs::read(path).map_err(|error| unread(path, &error)),
            }
        };
        Self::parse_again(texts, before, &read, diagnostics)
    }

    /// [`Self::load_within`] with the texts that `open` has for some paths in the place of what the disk has; a file that
    /// stands in `before` at the same place with the same text is not parsed again.
    pub fn load_again(
        folder: &Path,
        paths: &[PathBuf],
        open: &BTreeMap<PathBuf, String>,
        before: Sources,
        diagnostics: &Diagnostics,
    ) -> Self {
        Self::load_all(Some(folder), paths, open, before, diagnostics)
    }

    /// Parses texts that are already in memory; a `file=` in them finds nothing.
    pub fn from_texts<P: Into<PathBuf>, T: Into<String>>(
        texts: impl IntoIterator<Item = (P, T)>,
        diagnostics: &Diagnostics,
    ) -> Self {
        let texts = texts
            .into_iter()
            .map(|(path, text)| (path.into(), text.into()))
            .collect();
        let none = |path: &Path| Err(unread(path, &io::ErrorKind::NotFound.into()));
        Self::parse(texts, &none, diagnostics)
    }

    /// Parses texts; `loader` gives the bytes of the files that `file=` names.
    pub fn parse(
        texts: Vec<(PathBuf, String)>,
        loader: Loader<'_>,
        diagnostics: &Diagnostics,
    ) -> Self {
        Self::parse_again(texts, Sources::default(), loader, diagnostics)
    }

    fn parse_again(
        texts: Vec<(PathBuf, String)>,
        before: Sources,
        loader: Loader<'_>,
        diagnostics: &Diagnostics,
    ) -> Self {
        let mut kept: BTreeMap<SourceId, Source> = (0u32..)
            .map(SourceId)
            .zip(before.files)
            .take(texts.len())
            .collect();
        let mut jobs: Vec<(SourceId, PathBuf, String)> = Vec::new();
        for (number, (path, text)) in (0u32..).zip(texts) {
            let id = SourceId(number);
            match kept.get_mut(&id) {
                Some(source) if source.path == path && source.text == text => {
                    // The file that a `file=` names may have changed.
                    for node in &mut source.nodes {
                        load_files(node, path.parent().unwrap_or(Path::new("")), loader);
                    }
                }
                _ => {
                    kept.remove(&id);
                    jobs.push((id, path, text));
                }
            }
        }
        let workers = std::thread::available_parallelism()
            .map_or(1, |count| count.get())
            .min(jobs.len())
            .max(1);
        let share = jobs.len().div_ceil(workers).max(1);
        let parsed: Vec<(SourceId, Source)> = std::thread::scope(|scope| {
            let threads: Vec<_> = jobs
                .chunks(share)
                .map(|chunk| {
                    let work = move || {
                        chunk
                            .iter()
                            .map(|(id, path, text)| (*id, parse_one(*id, path, text, loader)))
                            .collect::<Vec<_>>()
                    };
                    std::thread::Builder::new()
                        .stack_size(STACK)
                        .spawn_scoped(scope, work)
                })
                .collect();
            threads
                .into_iter()
                .zip(jobs.chunks(share))
                .flat_map(|(thread, chunk)| {
                    thread
                        .ok()
                        .and_then(|thread| thread.join().ok())
                        .unwrap_or_else(|| chunk.iter().map(gave_up).collect())
                })
                .collect()
        });
        kept.extend(parsed);
        let files: Vec<Source> = kept.into_values().collect();
        for source in &files {
            for mistake in &source.mistakes {
                diagnostics.push(mistake.clone());
            }
            if source.incomplete {
                diagnostics.broken(&source.broken);
            }
        }
        Self { files }
    }

    /// The file, or none for an id of other sources.
    pub fn get(&self, id: SourceId) -> Option<&Source> {
        self.files.get(id.0 as usize)
    }

    /// The text of a file; empty for an id of other sources.
    pub fn text(&self, id: SourceId) -> &str {
        self.get(id).map_or("", |source| &source.text)
    }

    /// The path of a file as people see it.
    pub fn display_name(&self, id: SourceId) -> String {
        self.get(id).map_or_else(String::new, |source| {
            shown(&source.path).display().to_string()
        })
    }

    /// These files, and others behind them.
    pub fn and(&self, others: &Sources) -> Sources {
        Sources {
            files: self.files.iter().chain(&others.files).cloned().collect(),
        }
    }

    /// All files with their ids.
    pub fn files(&self) -> impl Iterator<Item = (SourceId, &Source)> {
        (0u32..).map(SourceId).zip(&self.files)
    }

    /// The top nodes of all files, file by file.
    pub fn nodes(&self) -> impl Iterator<Item = &Node> + Clone {
        self.files.iter().flat_map(|source| &source.nodes)
    }

    /// The texts alone, for messages: what was read of them is not needed any more.
    pub fn without_nodes(mut self) -> Sources {
        for source in &mut self.files {
            source.nodes = Vec::new();
        }
        self
    }

    /// The nodes of one file, read once more.
    pub fn nodes_again(&self, id: SourceId) -> Vec<Node> {
        parse_text(id, self.text(id)).0
    }

    /// Line and column of a span's start, from 1, columns in characters.
    pub fn line_and_column(&self, span: Span) -> (usize, usize) {
        let before = self.text(span.source).get(..span.start).unwrap_or_default();
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        (
            before.matches('\n').count() + 1,
            before[line_start..].chars().count() + 1,
        )
    }

    /// `path:line:column`, as terminals and editors like it.
    pub fn place(&self, span: Span) -> String {
        let (line, column) = self.line_and_column(span);
        format!("{}:{line}:{column}", self.display_name(span.source))
    }
}

fn parse_one(id: SourceId, path: &Path, text: &str, loader: Loader<'_>) -> Source {
    let (mut nodes, mut mistakes) = parse_text(id, text);
    let mut broken = Vec::new();
    if !mistakes.is_empty()
        && trap::conflict(id, text).is_none()
        && let Some(mended) = mend(id, text)
        && let Ok(document) = kdl::KdlDocument::parse(&mended.text)
    {
        nodes = nodes_of(&document, id, &mended.text);
        mended.put_back(&mut nodes);
        broken = mended.broken;
    }
    let incomplete = !mistakes.is_empty();
    zero_bytes(&nodes, &mut mistakes);
    for node in &mut nodes {
        load_files(node, path.parent().unwrap_or(Path::new("")), loader);
    }
    Source {
        path: path.to_owned(),
        text: text.to_owned(),
        nodes,
        broken,
        incomplete,
        mistakes,
    }
}

/// Tells every text with a zero byte: PostgreSQL has no such text.
fn zero_bytes(nodes: &[Node], mistakes: &mut Vec<Diagnostic>) {
    for node in nodes {
        for entry in &node.entries {
            if matches!(&entry.value, Value::Text(text, _) if text.contains('\0')) {
                mistakes.push(
                    Diagnostic::error("kdl::zero-byte", "a text of PostgreSQL has no zero byte")
                        .at(entry.span, "one stands in here")
                        .help("leave it out; binary data stands in a `bytea` literal: '\\x00'"),
                );
            }
        }
        zero_bytes(&node.children, mistakes);
    }
}

/// Parses one text: its nodes, or its mistakes.
pub(super) fn parse_text(id: SourceId, text: &str) -> (Vec<Node>, Vec<Diagnostic>) {
    if let Some(conflict) = trap::conflict(id, text) {
        return (Vec::new(), vec![conflict]);
    }
    let lexed = lexer::lex(id, text);
    let disorder = structure::check(id, text, &lexed);
    let mut mistakes = lexed.mistakes;
    mistakes.extend(disorder);
    if !mistakes.is_empty() {
        return (Vec::new(), mistakes);
    }
    match kdl::KdlDocument::parse(&without_hidden(text, &lexed.tokens)) {
        Ok(document) => (nodes_of(&document, id, text), Vec::new()),
        Err(error) => {
            // Follow-up errors of the crate's recovery are mostly noise: the first one is the mistake.
            let mistakes = error.diagnostics.first().map(|first| {
                let start = first.span.offset().min(text.len());
                let end = (start + first.span.len()).min(text.len());
                let line_end = text[start..end].find('\n').map_or(end, |at| start + at);
                let mut mistake = Diagnostic::error(
                    "kdl::syntax",
                    lower_first(first.message.as_deref().unwrap_or("this is not KDL")),
                )
                .at(
                    Span::new(id, start, line_end),
                    first.label.as_deref().unwrap_or("here"),
                );
                mistake.help = first.help.as_deref().map(lower_first);
                mistake
            });
            (Vec::new(), mistakes.into_iter().collect())
        }
    }
}

/// The text with blanks in the place of what `/-` hides where the crate does not read on behind it: a node that a `;` stands
/// before or behind, and a block before another.
fn without_hidden<'t>(text: &'t str, tokens: &[Token]) -> Cow<'t, str> {
    let blank = |kind: Kind| matches!(kind, Kind::Space | Kind::BlockComment | Kind::Continuation);
    let mut bytes: Option<Vec<u8>> = None;
    let mut before = Kind::Newline;
    let mut at = 0;
    while at < tokens.len() {
        let token = tokens[at];
        if token.kind == Kind::SlashDash {
            let starts_node = matches!(
                before,
                Kind::Newline | Kind::Semicolon | Kind::Open | Kind::LineComment
            );
            let hidden = &tokens[at..];
            let end = match starts_node {
                true => end_of_node(hidden),
                false => end_of_block(hidden),
            };
            let next = hidden[end..].iter().find(|token| !blank(token.kind));
            let stops = match (starts_node, next.map(|token| token.kind)) {
                _ if end == 0 => false,
                (true, Some(Kind::Semicolon)) => true,
                (true, _) => before == Kind::Semicolon,
                (false, next) => next == Some(Kind::Open),
            };
            if stops {
                let to = match next {
                    Some(token) if token.kind == Kind::Semicolon => token.end,
                    _ => hidden.get(end).map_or(text.len(), |token| token.start),
                };
                bytes.get_or_insert_with(|| text.as_bytes().to_vec())[token.start..to].fill(b' ');
                // The terminator went too.
                at += end.max(1);
                if matches!(tokens.get(at), Some(token) if token.start < to) {
                    while tokens.get(at).is_some_and(|token| token.start < to) {
                        at += 1;
                    }
                    before = Kind::Semicolon;
                }
                continue;
            }
        }
        if !blank(token.kind) {
            before = token.kind;
        }
        at += 1;
    }
    match bytes.map(String::from_utf8) {
        Some(Ok(text)) => Cow::Owned(text),
        _ => Cow::Borrowed(text),
    }
}

/// How many tokens a hidden node has, from its `/-`, without its terminator; none where no node is hidden.
fn end_of_node(tokens: &[Token]) -> usize {
    let name = tokens[1..].iter().find(|token| {
        !matches!(
            token.kind,
            Kind::Space | Kind::Newline | Kind::LineComment | Kind::BlockComment
        )
    });
    if !name.is_some_and(|name| matches!(name.kind, Kind::Word | Kind::Text | Kind::OpenType)) {
        return 0;
    }
    let mut depth = 0_usize;
    let mut begun = false;
    for (at, token) in tokens.iter().enumerate().skip(1) {
        match token.kind {
            Kind::Open => depth += 1,
            Kind::Close if depth == 0 => return at,
            Kind::Close => depth -= 1,
            Kind::Newline | Kind::Semicolon | Kind::LineComment if depth == 0 && begun => {
                return at;
            }
            Kind::Space | Kind::Newline | Kind::LineComment | Kind::BlockComment => {}
            _ => begun = true,
        }
    }
    tokens.len()
}

/// How many tokens a hidden block has, from its `/-`; none where no block is hidden.
fn end_of_block(tokens: &[Token]) -> usize {
    let mut depth = 0_usize;
    for (at, token) in tokens.iter().enumerate().skip(1) {
        match token.kind {
            Kind::Open => depth += 1,
            Kind::Close => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return at + 1;
                }
            }
            Kind::Space | Kind::Newline | Kind::LineComment | Kind::BlockComment => {}
            _ if depth == 0 => return 0,
            _ => {}
        }
    }
    0
}

fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    match letters.next() {
        Some(first) => first.to_lowercase().chain(letters).collect(),
        None => String::new(),
    }
}

fn gave_up((id, path, text): &(SourceId, PathBuf, String)) -> (SourceId, Source) {
    let mistake = Diagnostic::error(
        "kdl::syntax",
        format!("the parser gave up on `{}`", path.display()),
    )
    .at(Span::new(*id, 0, 0), "in this file")
    .help("please report this file as a bug of schemactl");
    let source = Source {
        path: path.clone(),
        text: text.clone(),
        incomplete: true,
        mistakes: vec![mistake],
        ..Source::default()
    };
    (*id, source)
}

pub(super) fn unread(path: &Path, error: &io::Error) -> Unread {
    Unread {
        code: "kdl::missing-file",
        why: format!("can't read `{}`: {error}", path.display()),
        help: "the path is relative to this KDL file",
    }
}

fn load_files(node: &mut Node, folder: &Path, loader: Loader<'_>) {
    let named = node.entries.iter().find_map(|entry| match &entry.value {
        Value::Text(path, _) if entry.key.as_ref().is_some_and(|key| key.value == "file") => {
            Some(folder.join(path))
        }
        _ => None,
    });
    node.file = named.map(|path| match loader(&path).map(String::from_utf8) {
        Ok(Ok(text)) => Ok(Arc::from(text)),
        Ok(Err(_)) => Err(Unread {
            code: "kdl::missing-file",
            why: format!("`{}` is not UTF-8", path.display()),
            help: "save the file as UTF-8",
        }),
        Err(unread) => Err(unread),
    });
    for child in &mut node.children {
        load_files(child, folder, loader);
    }
}

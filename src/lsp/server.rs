//! The conversation with the editor: one message after the other, in the order in which they come. Files are read again
//! when nothing more waits, or when a question needs them, so that fast typing costs one reading.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use lsp_server::{Connection, ErrorCode, Message, Notification, Request, RequestId, Response};
use lsp_types::{
    CompletionOptions, CompletionParams, CompletionResponse, Diagnostic,
    DiagnosticRelatedInformation, DiagnosticSeverity, DidChangeTextDocumentParams,
    DidChangeWatchedFilesRegistrationOptions, DidCloseTextDocumentParams,
    DidOpenTextDocumentParams, DocumentFormattingParams, DocumentHighlight, DocumentSymbolParams,
    DocumentSymbolResponse, FileSystemWatcher, GlobPattern, GotoDefinitionResponse, Hover,
    HoverContents, HoverProviderCapability, InitializeParams, InitializeResult, Location,
    MarkupContent, MarkupKind, MessageType, NumberOrString, OneOf,
    OptionalVersionedTextDocumentIdentifier, PrepareRenameResponse, PublishDiagnosticsParams,
    ReferenceParams, Registration, RegistrationParams, RenameOptions, RenameParams,
    ServerCapabilities, ServerInfo, ShowMessageParams, SymbolInformation, TextDocumentEdit,
    TextDocumentPositionParams, TextDocumentSyncCapability, TextDocumentSyncKind, TextEdit, Uri,
    WorkspaceEdit, WorkspaceSymbolParams,
};
use miette::Severity;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;

use super::held::{Base, Held, Mistake};
use super::lines::{Encoding, Lines, changed};
use super::uri::{path_of, uri_of};
use super::{completion, hover, outline, rename};
use crate::config::Project;
use crate::kdl::{Node, SourceId, Sources, Span, Value, format};
use crate::kind::language::{How, Order, Spelling, Symbol};

/// The most symbols that a search gives.
const SYMBOLS: usize = 500;

/// Why a question has no answer.
struct Refusal {
    code: ErrorCode,
    message: String,
}

impl From<String> for Refusal {
    fn from(message: String) -> Refusal {
        Refusal {
            code: ErrorCode::RequestFailed,
            message,
        }
    }
}

type Answer = Result<Json, Refusal>;

struct Server<'c> {
    connection: &'c Connection,
    encoding: Encoding,
    /// Whether edits may carry the version of the document that they are for.
    versioned: bool,
    watches: bool,
    /// The project named at the start.
    named: Option<PathBuf>,
    open: BTreeMap<PathBuf, String>,
    versions: BTreeMap<PathBuf, i32>,
    held: BTreeMap<PathBuf, Held>,
    /// Projects whose files changed since they were read.
    changed: BTreeSet<PathBuf>,
    /// The files of each project for which the editor shows something.
    published: BTreeMap<PathBuf, BTreeSet<PathBuf>>,
}

/// Talks until the editor goes; `None` where it went without a word.
pub(super) fn run(connection: &Connection, named: Option<PathBuf>) -> Option<()> {
    let (id, parameters) = begin(connection)?;
    let parameters: InitializeParams = match serde_json::from_value(parameters) {
        Ok(parameters) => parameters,
        Err(error) => {
            let code = ErrorCode::InvalidParams as i32;
            let response = Response::new_err(id, code, error.to_string());
            connection.sender.send(response.into()).ok()?;
            return None;
        }
    };
    let mut server = Server::new(connection, &parameters, named);
    let result = InitializeResult {
        capabilities: server.capabilities(),
        server_info: Some(ServerInfo {
            name: "schemactl".to_owned(),
            version: Some(env!("CARGO_PKG_VERSION").to_owned()),
        }),
    };
    connection
        .sender
        .send(Response::new_ok(id, result).into())
        .ok()?;
    server.talk()
}

/// The first question, which has to be `initialize`: others are refused, and what is told before it is left aside.
fn begin(connection: &Connection) -> Option<(RequestId, Json)> {
    loop {
        match connection.receiver.recv().ok()? {
            Message::Request(first) if first.method == "initialize" => {
                return Some((first.id, first.params));
            }
            Message::Request(other) => {
                let code = ErrorCode::ServerNotInitialized as i32;
                let why = format!("`initialize` has to come before `{}`", other.method);
                let refusal = Response::new_err(other.id, code, why);
                connection.sender.send(refusal.into()).ok()?;
            }
            Message::Notification(notice) if notice.method == "exit" => return None,
            Message::Notification(_) | Message::Response(_) => {}
        }
    }
}

impl<'c> Server<'c> {
    fn new(connection: &'c Connection, start: &InitializeParams, named: Option<PathBuf>) -> Self {
        let general = start.capabilities.general.as_ref();
        let offered = general.and_then(|general| general.position_encodings.as_deref());
        let workspace = start.capabilities.workspace.as_ref();
        let versioned = workspace
            .and_then(|workspace| workspace.workspace_edit.as_ref())
            .and_then(|edit| edit.document_changes)
            .unwrap_or_default();
        let watches = workspace
            .and_then(|workspace| workspace.did_change_watched_files)
            .and_then(|watching| watching.dynamic_registration)
            .unwrap_or_default();
        Server {
            connection,
            encoding: Encoding::agree(offered),
            versioned,
            watches,
            named,
            open: BTreeMap::new(),
            versions: BTreeMap::new(),
            held: BTreeMap::new(),
            changed: BTreeSet::new(),
            published: BTreeMap::new(),
        }
    }

    fn capabilities(&self) -> ServerCapabilities {
        let trigger = [" ", "=", ".", "\""].map(str::to_owned);
        ServerCapabilities {
            position_encoding: Some(self.encoding.kind()),
            text_document_sync: Some(TextDocumentSyncCapability::Kind(
                TextDocumentSyncKind::INCREMENTAL,
            )),
            completion_provider: Some(CompletionOptions {
                trigger_characters: Some(trigger.to_vec()),
                ..CompletionOptions::default()
            }),
            hover_provider: Some(HoverProviderCapability::Simple(true)),
            definition_provider: Some(OneOf::Left(true)),
            references_provider: Some(OneOf::Left(true)),
            document_highlight_provider: Some(OneOf::Left(true)),
            document_symbol_provider: Some(OneOf::Left(true)),
            workspace_symbol_provider: Some(OneOf::Left(true)),
            document_formatting_provider: Some(OneOf::Left(true)),
            rename_provider: Some(OneOf::Right(RenameOptions {
                prepare_provider: Some(true),
                work_done_progress_options: Default::default(),
            })),
            ..ServerCapabilities::default()
        }
    }

    fn talk(&mut self) -> Option<()> {
        loop {
            let message = match self.connection.receiver.try_recv() {
                Ok(message) => message,
                Err(_) => {
                    self.read_changed();
                    self.connection.receiver.recv().ok()?
                }
            };
            match message {
                Message::Request(request) if request.method == "shutdown" => {
                    self.send(Response::new_ok(request.id, ()))?;
                    // Nothing but the last word may follow; an editor that forgets it is gone too.
                    while let Ok(message) = self.connection.receiver.recv() {
                        match message {
                            Message::Notification(last) if last.method == "exit" => break,
                            Message::Request(request) => {
                                let code = ErrorCode::InvalidRequest as i32;
                                let why = "the server is shutting down".to_owned();
                                self.send(Response::new_err(request.id, code, why))?;
                            }
                            _ => {}
                        }
                    }
                    return Some(());
                }
                Message::Request(request) => {
                    let id = request.id.clone();
                    let answer = self.answer(request);
                    self.reply(id, answer)?;
                }
                Message::Notification(notice) if notice.method == "exit" => return None,
                Message::Notification(notice) => self.notice(notice),
                // To the registration of watchers; there is nothing to do about a refusal.
                Message::Response(_) => {}
            }
        }
    }

    fn send(&self, message: impl Into<Message>) -> Option<()> {
        self.connection.sender.send(message.into()).ok()
    }

    fn reply(&self, id: RequestId, answer: Answer) -> Option<()> {
        self.send(match answer {
            Ok(result) => Response::new_ok(id, result),
            Err(refusal) => Response::new_err(id, refusal.code as i32, refusal.message),
        })
    }

    fn tell(&self, method: &str, parameters: impl serde::Serialize) {
        // Where nobody listens any more, the next reading ends the talk.
        let _ = self.send(Notification::new(method.to_owned(), parameters));
    }

    fn notice(&mut self, notice: Notification) {
        match notice.method.as_str() {
            "initialized" if self.watches => self.watch(),
            "textDocument/didOpen" => {
                if let Some(it) = read::<DidOpenTextDocumentParams>(notice.params)
                    && let Some(path) = path_of(&it.text_document.uri)
                {
                    self.versions.insert(path.clone(), it.text_document.version);
                    self.open.insert(path.clone(), it.text_document.text);
                    self.touch(&path);
                }
            }
            "textDocument/didChange" => {
                if let Some(it) = read::<DidChangeTextDocumentParams>(notice.params)
                    && let Some(path) = path_of(&it.text_document.uri)
                    && let Some(text) = self.open.remove(&path)
                {
                    let text = changed(text, it.content_changes, self.encoding);
                    self.versions.insert(path.clone(), it.text_document.version);
                    self.open.insert(path.clone(), text);
                    self.touch(&path);
                }
            }
            "textDocument/didClose" => {
                if let Some(it) = read::<DidCloseTextDocumentParams>(notice.params)
                    && let Some(path) = path_of(&it.text_document.uri)
                {
                    self.open.remove(&path);
                    self.versions.remove(&path);
                    self.touch(&path);
                }
            }
            "textDocument/didSave" | "workspace/didChangeWatchedFiles" => {
                self.changed.extend(self.held.keys().cloned());
            }
            _ => {}
        }
    }

    /// Asks the editor to tell of files that change beside it.
    fn watch(&self) {
        let watcher = |pattern: &str| FileSystemWatcher {
            glob_pattern: GlobPattern::String(pattern.to_owned()),
            kind: None,
        };
        let options = DidChangeWatchedFilesRegistrationOptions {
            watchers: vec![watcher("**/*.kdl"), watcher("**/*.sql")],
        };
        let parameters = RegistrationParams {
            registrations: vec![Registration {
                id: "files".to_owned(),
                method: "workspace/didChangeWatchedFiles".to_owned(),
                register_options: serde_json::to_value(options).ok(),
            }],
        };
        let id = RequestId::from("watch".to_owned());
        let method = "client/registerCapability".to_owned();
        let _ = self.send(Request::new(id, method, parameters));
    }

    /// The folder of the project that a file belongs to.
    fn project_of(&self, path: &Path) -> Option<PathBuf> {
        match &self.named {
            Some(named) => path.starts_with(named).then(|| named.clone()),
            None => {
                let start = path.parent()?;
                // A project file that was never saved makes a project too.
                let unsaved = start
                    .ancestors()
                    .find(|folder| self.open.contains_key(&Held::file_of(folder)));
                let saved = Project::find(None, start).ok();
                match (saved, unsaved) {
                    (Some(saved), Some(unsaved)) if unsaved.starts_with(&saved) => {
                        Some(unsaved.to_owned())
                    }
                    (Some(saved), _) => Some(saved),
                    (None, unsaved) => unsaved.map(Path::to_owned),
                }
            }
        }
    }

    fn touch(&mut self, path: &Path) {
        if let Some(folder) = self.project_of(path) {
            self.changed.insert(folder);
        }
        // A project whose file is gone is read once more, and says so.
        let holding: Vec<PathBuf> = self
            .held
            .keys()
            .filter(|folder| path.starts_with(folder))
            .cloned()
            .collect();
        self.changed.extend(holding);
    }

    fn read_changed(&mut self) {
        for folder in std::mem::take(&mut self.changed) {
            let before = self.held.remove(&folder);
            let held = Held::read(&folder, &self.open, before);
            self.publish(&folder, &held);
            self.held.insert(folder, held);
        }
    }

    fn publish(&mut self, folder: &Path, held: &Held) {
        let mut by_file: BTreeMap<PathBuf, Vec<Diagnostic>> = BTreeMap::new();
        for mistake in held.mistakes() {
            let (path, diagnostic) = self.shown(held, &mistake);
            let list = by_file.entry(path).or_default();
            if !list.contains(&diagnostic) {
                list.push(diagnostic);
            }
        }
        let before = self.published.remove(folder).unwrap_or_default();
        for path in before {
            by_file.entry(path).or_default();
        }
        let mut shown = BTreeSet::new();
        for (path, diagnostics) in by_file {
            let Some(uri) = uri_of(&path) else { continue };
            if !diagnostics.is_empty() {
                shown.insert(path.clone());
            }
            let version = self.versions.get(&path).copied();
            self.tell(
                "textDocument/publishDiagnostics",
                PublishDiagnosticsParams::new(uri, diagnostics, version),
            );
        }
        self.published.insert(folder.to_owned(), shown);
    }

    /// A mistake as the editor shows it, and the file.
    fn shown(&self, held: &Held, mistake: &Mistake<'_>) -> (PathBuf, Diagnostic) {
        let (mut message, help) = mistake.diagnostic.shown();
        if let Some(help) = help {
            message = format!("{message}\n{help}");
        }
        let mut places = mistake.diagnostic.labels.iter();
        let main = places.next();
        let path = main
            .and_then(|(span, _)| mistake.sources.get(span.source))
            .map_or_else(|| Held::file_of(&held.folder), |source| source.path.clone());
        let range = main.map_or_else(Default::default, |(span, _)| {
            Lines::new(mistake.sources.text(span.source), self.encoding).range(*span)
        });
        let related: Vec<DiagnosticRelatedInformation> = places
            .filter_map(|(span, word)| {
                Some(DiagnosticRelatedInformation {
                    location: self.location(mistake.sources, *span)?,
                    message: word.clone(),
                })
            })
            .collect();
        let diagnostic = Diagnostic {
            range,
            severity: Some(match mistake.diagnostic.severity {
                Severity::Error => DiagnosticSeverity::ERROR,
                Severity::Warning => DiagnosticSeverity::WARNING,
                Severity::Advice => DiagnosticSeverity::INFORMATION,
            }),
            code: Some(NumberOrString::String(mistake.diagnostic.code.to_owned())),
            source: Some("schemactl".to_owned()),
            message,
            related_information: (!related.is_empty()).then_some(related),
            ..Diagnostic::default()
        };
        (path, diagnostic)
    }

    fn location(&self, sources: &Sources, span: Span) -> Option<Location> {
        let source = sources.get(span.source)?;
        let range = Lines::new(&source.text, self.encoding).range(span);
        Some(Location::new(uri_of(&source.path)?, range))
    }

    fn answer(&mut self, request: Request) -> Answer {
        self.read_changed();
        let parameters = request.params;
        match request.method.as_str() {
            "textDocument/completion" => {
                let it: CompletionParams = wanted(parameters)?;
                Ok(self.complete(&it.text_document_position))
            }
            "textDocument/hover" => {
                let it: TextDocumentPositionParams = wanted(parameters)?;
                Ok(self.hover(&it))
            }
            "textDocument/definition" => {
                let it: TextDocumentPositionParams = wanted(parameters)?;
                Ok(self.definition(&it))
            }
            "textDocument/references" => {
                let it: ReferenceParams = wanted(parameters)?;
                Ok(self.references(&it))
            }
            "textDocument/documentHighlight" => {
                let it: TextDocumentPositionParams = wanted(parameters)?;
                Ok(self.highlights(&it))
            }
            "textDocument/documentSymbol" => {
                let it: DocumentSymbolParams = wanted(parameters)?;
                Ok(self.outline(&it.text_document.uri))
            }
            "workspace/symbol" => {
                let it: WorkspaceSymbolParams = wanted(parameters)?;
                Ok(self.symbols(&it.query))
            }
            "textDocument/formatting" => {
                let it: DocumentFormattingParams = wanted(parameters)?;
                Ok(self.formatted(&it.text_document.uri))
            }
            "textDocument/prepareRename" => {
                let it: TextDocumentPositionParams = wanted(parameters)?;
                self.prepare_rename(&it)
            }
            "textDocument/rename" => {
                let it: RenameParams = wanted(parameters)?;
                self.rename(&it)
            }
            other => Err(Refusal {
                code: ErrorCode::MethodNotFound,
                message: format!("`{other}` is not served"),
            }),
        }
    }

    /// The project that holds a file, the database that it declares things of, and its text.
    fn place(&self, uri: &Uri) -> Option<Place<'_>> {
        let path = path_of(uri)?;
        let held = self.held.get(&self.project_of(&path)?)?;
        if path == Held::file_of(&held.folder) {
            let (id, source) = held.file.files().next()?;
            return Some(Place {
                held,
                base: None,
                id,
                text: &source.text,
                nodes: &source.nodes,
                lines: Lines::new(&source.text, self.encoding),
            });
        }
        let (base, id) = held.base_of(&path)?;
        let text = base.sources.text(id);
        Some(Place {
            held,
            base: Some(base),
            id,
            text,
            nodes: base.nodes(id),
            lines: Lines::new(text, self.encoding),
        })
    }

    /// A place in a file that declares something, and the byte there.
    fn named(&self, at: &TextDocumentPositionParams) -> Option<(&Base, SourceId, usize)> {
        let place = self.place(&at.text_document.uri)?;
        Some((place.base?, place.id, place.lines.offset(at.position)))
    }

    fn complete(&self, at: &TextDocumentPositionParams) -> Json {
        let Some(place) = self.place(&at.text_document.uri) else {
            return Json::Null;
        };
        let byte = place.lines.offset(at.position);
        let found = completion::complete(place.held, place.base, place.text, byte, &place.lines);
        json(&CompletionResponse::Array(found))
    }

    fn hover(&self, at: &TextDocumentPositionParams) -> Json {
        let Some(place) = self.place(&at.text_document.uri) else {
            return Json::Null;
        };
        let byte = place.lines.offset(at.position);
        let base = place.base.map(|base| (base, place.id));
        match hover::hover(base, place.text, byte) {
            None => Json::Null,
            Some(value) => json(&Hover {
                contents: HoverContents::Markup(MarkupContent {
                    kind: MarkupKind::Markdown,
                    value,
                }),
                range: None,
            }),
        }
    }

    fn definition(&self, at: &TextDocumentPositionParams) -> Json {
        let Some((base, id, byte)) = self.named(at) else {
            return Json::Null;
        };
        if let Some(location) = file_at(base, id, byte) {
            return json(&GotoDefinitionResponse::Scalar(location));
        }
        let symbols = base.symbols(id, byte);
        let spans: BTreeSet<Span> = base
            .places(&symbols)
            .filter(|mention| mention.how == How::Declared)
            .map(|mention| mention.span)
            .collect();
        json(&GotoDefinitionResponse::Array(self.locations(base, spans)))
    }

    fn locations(&self, base: &Base, spans: BTreeSet<Span>) -> Vec<Location> {
        spans
            .into_iter()
            .filter_map(|span| self.location(&base.sources, span))
            .collect()
    }

    fn references(&self, asked: &ReferenceParams) -> Json {
        let Some((base, id, byte)) = self.named(&asked.text_document_position) else {
            return Json::Null;
        };
        let symbols = base.symbols(id, byte);
        let spans = base
            .places(&symbols)
            .filter(|it| asked.context.include_declaration || it.how != How::Declared)
            .map(|mention| mention.span)
            .collect();
        json(&self.locations(base, spans))
    }

    fn highlights(&self, at: &TextDocumentPositionParams) -> Json {
        let Some((base, id, byte)) = self.named(at) else {
            return Json::Null;
        };
        let lines = Lines::new(base.sources.text(id), self.encoding);
        let symbols = base.symbols(id, byte);
        let spans: BTreeSet<Span> = base
            .places(&symbols)
            .filter(|mention| mention.span.source == id)
            .map(|mention| mention.span)
            .collect();
        let list: Vec<DocumentHighlight> = spans
            .into_iter()
            .map(|span| DocumentHighlight {
                range: lines.range(span),
                kind: None,
            })
            .collect();
        json(&list)
    }

    fn outline(&self, uri: &Uri) -> Json {
        match self.place(uri) {
            None => Json::Null,
            Some(place) => json(&DocumentSymbolResponse::Nested(outline::outline(
                place.nodes,
                &place.lines,
            ))),
        }
    }

    #[allow(deprecated)] // a field of the protocol that must be given
    fn symbols(&self, query: &str) -> Json {
        let query = query.to_lowercase();
        let mut found = Vec::new();
        for base in self.held.values().flat_map(|held| &held.bases) {
            for mention in &base.mentions {
                let Symbol::Object(id) = &mention.symbol else {
                    continue;
                };
                let is_named =
                    mention.how == How::Declared && mention.spelling != Spelling::Unnamed;
                if !is_named || !is_within(&id.path().to_lowercase(), &query) {
                    continue;
                }
                let Some(location) = self.location(&base.sources, mention.span) else {
                    continue;
                };
                // What begins with the words is meant before what holds them, and that before what only has their letters.
                let name = id.name.to_lowercase();
                let rank = (!name.starts_with(&query), !name.contains(&query));
                let symbol = SymbolInformation {
                    name: id.name.to_string(),
                    kind: outline::symbol_kind(id.kind),
                    tags: None,
                    deprecated: None,
                    location,
                    container_name: id.parent.as_ref().map(|parent| parent.path()),
                };
                found.push((rank, symbol));
            }
        }
        found.sort_by_key(|(rank, _)| *rank);
        let found = found.into_iter().map(|(_, symbol)| symbol);
        json(&found.take(SYMBOLS).collect::<Vec<_>>())
    }

    fn formatted(&self, uri: &Uri) -> Json {
        let Some(place) = self.place(uri) else {
            return Json::Null;
        };
        // A file that does not parse stays as it is; what is wrong is shown already.
        let Ok(text) = format(place.id, place.text, &Order) else {
            return Json::Null;
        };
        json(&line_edits(place.text, &text, &place.lines))
    }

    fn prepare_rename(&self, at: &TextDocumentPositionParams) -> Answer {
        let Some((base, id, byte)) = self.named(at) else {
            return Ok(Json::Null);
        };
        let (span, placeholder) = rename::prepare(base, id, byte)?;
        let range = Lines::new(base.sources.text(id), self.encoding).range(span);
        Ok(json(&PrepareRenameResponse::RangeWithPlaceholder {
            range,
            placeholder,
        }))
    }

    fn rename(&self, asked: &RenameParams) -> Answer {
        let Some((base, id, byte)) = self.named(&asked.text_document_position) else {
            return Ok(Json::Null);
        };
        let renamed = rename::rename(base, id, byte, &asked.new_name)?;
        if !renamed.left.is_empty() {
            let places: Vec<String> = renamed
                .left
                .iter()
                .take(5)
                .map(|span| {
                    let (line, _) = base.sources.line_and_column(*span);
                    let path = base.sources.get(span.source).map(|source| &source.path);
                    let name = path.and_then(|path| path.file_name());
                    let name = name.map(|name| name.to_string_lossy().into_owned());
                    format!("{}:{line}", name.unwrap_or_default())
                })
                .collect();
            let more = if renamed.left.len() > places.len() {
                ", …"
            } else {
                ""
            };
            self.tell(
                "window/showMessage",
                ShowMessageParams {
                    typ: MessageType::WARNING,
                    message: format!(
                        "Left as they are, because the SQL there may mean something else of that name: {}{more}",
                        places.join(", ")
                    ),
                },
            );
        }
        let mut edits: Vec<(PathBuf, Vec<TextEdit>)> = Vec::new();
        for (source, list) in renamed.edits {
            let Some(file) = base.sources.get(source) else {
                continue;
            };
            let lines = Lines::new(&file.text, self.encoding);
            let list = list
                .into_iter()
                .map(|(span, text)| TextEdit::new(lines.range(span), text))
                .collect();
            edits.push((file.path.clone(), list));
        }
        Ok(json(&self.workspace_edit(edits)))
    }

    fn workspace_edit(&self, edits: Vec<(PathBuf, Vec<TextEdit>)>) -> WorkspaceEdit {
        let with_uris = edits
            .into_iter()
            .filter_map(|(path, list)| Some((uri_of(&path)?, path, list)));
        if !self.versioned {
            return WorkspaceEdit {
                changes: Some(with_uris.map(|(uri, _, list)| (uri, list)).collect()),
                ..WorkspaceEdit::default()
            };
        }
        let documents: Vec<TextDocumentEdit> = with_uris
            .map(|(uri, path, list)| TextDocumentEdit {
                text_document: OptionalVersionedTextDocumentIdentifier {
                    uri,
                    version: self.versions.get(&path).copied(),
                },
                edits: list.into_iter().map(OneOf::Left).collect(),
            })
            .collect();
        WorkspaceEdit {
            document_changes: Some(lsp_types::DocumentChanges::Edits(documents)),
            ..WorkspaceEdit::default()
        }
    }
}

/// A file of a project as it is asked about.
struct Place<'s> {
    held: &'s Held,
    /// The database; none for the project file.
    base: Option<&'s Base>,
    id: SourceId,
    text: &'s str,
    nodes: &'s [Node],
    lines: Lines<'s>,
}

/// The file that the `file=` at a place names.
fn file_at(base: &Base, id: SourceId, byte: usize) -> Option<Location> {
    fn find(nodes: &[Node], byte: usize) -> Option<&str> {
        nodes.iter().find_map(|node| {
            if byte < node.span.start || node.span.end < byte {
                return None;
            }
            let here = node
                .entries
                .iter()
                .find_map(|entry| match (&entry.key, &entry.value) {
                    (Some(key), Value::Text(text, _))
                        if key.value == "file"
                            && key.span.start <= byte
                            && byte <= entry.span.end =>
                    {
                        Some(text.as_str())
                    }
                    _ => None,
                });
            here.or_else(|| find(&node.children, byte))
        })
    }
    let named = find(base.nodes(id), byte)?;
    let folder = base.sources.get(id)?.path.parent()?;
    let uri = uri_of(&folder.join(named))?;
    Some(Location::new(uri, Default::default()))
}

/// Whether the letters of a search stand in a path in their order.
fn is_within(path: &str, query: &str) -> bool {
    let mut letters = path.chars();
    query
        .chars()
        .all(|wanted| letters.any(|letter| letter == wanted))
}

/// The edits that lead from one text to another, line by line, so that marks and the cursor stay.
fn line_edits(from: &str, to: &str, lines: &Lines<'_>) -> Vec<TextEdit> {
    if from == to {
        return Vec::new();
    }
    let cut =
        |text: &'_ str| -> Vec<String> { text.split_inclusive('\n').map(str::to_owned).collect() };
    let starts = |lines: &[String]| -> Vec<usize> {
        let ends = lines.iter().scan(0, |at, line| {
            *at += line.len();
            Some(*at)
        });
        std::iter::once(0).chain(ends).collect()
    };
    let (before, after) = (cut(from), cut(to));
    let (old, new) = (starts(&before), starts(&after));
    let operations = similar::capture_diff_slices(similar::Algorithm::Myers, &before, &after);
    operations
        .iter()
        .filter(|operation| operation.tag() != similar::DiffTag::Equal)
        .map(|operation| {
            let (left, right) = (operation.old_range(), operation.new_range());
            let span = Span::new(SourceId::default(), old[left.start], old[left.end]);
            let text = &to[new[right.start]..new[right.end]];
            TextEdit::new(lines.range(span), text.to_owned())
        })
        .collect()
}

fn read<P: DeserializeOwned>(parameters: Json) -> Option<P> {
    serde_json::from_value(parameters).ok()
}

fn wanted<P: DeserializeOwned>(parameters: Json) -> Result<P, Refusal> {
    serde_json::from_value(parameters).map_err(|error| Refusal {
        code: ErrorCode::InvalidParams,
        message: error.to_string(),
    })
}

fn json(value: &impl serde::Serialize) -> Json {
    serde_json::to_value(value).unwrap_or(Json::Null)
}

// Starts `schemactl lsp` for KDL files; all the rest is said between VS Code and the server.
const { workspace } = require("vscode");
const { LanguageClient } = require("vscode-languageclient/node");

let client;

exports.activate = () => {
  const command = workspace.getConfiguration("schemactl").get("path");
  client = new LanguageClient(
    "schemactl",
    "schemactl",
    { command, args: ["lsp"] },
    { documentSelector: [{ scheme: "file", language: "kdl" }] },
  );
  return client.start();
};

exports.deactivate = () => client && client.stop();

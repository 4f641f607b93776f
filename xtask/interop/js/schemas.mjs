// Faults that editors show in model files: `[{ file, text }, …]` comes in, and the messages of each go out.
// The engine is that of VS Code and other editors; schemas are read from where `$schema` points.
import { readFile } from "node:fs/promises";
import { fileURLToPath, pathToFileURL } from "node:url";
import engine from "vscode-json-languageservice";

const { getLanguageService, TextDocument } = engine;
const service = getLanguageService({
  schemaRequestService: (uri) => readFile(fileURLToPath(uri), "utf8"),
  workspaceContext: { resolveRelativePath: (path, resource) => new URL(path, resource).href },
});
service.configure({ validate: true, allowComments: false });

let input = "";
for await (const chunk of process.stdin) input += chunk;
const outcomes = [];
for (const { file, text } of JSON.parse(input)) {
  const document = TextDocument.create(pathToFileURL(file).href, "json", 1, text);
  const faults = await service.doValidation(document, service.parseJSONDocument(document));
  outcomes.push(faults.map((fault) => `line ${fault.range.start.line + 1}: ${fault.message}`));
}
process.stdout.write(JSON.stringify(outcomes));

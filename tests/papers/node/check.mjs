// Reads Markdown as others do: markdownlint, and Mermaid, which must find every task and every point of a diagram.
// Called as: node check.mjs LINT_CONFIG FILE-LIST.json. Prints a finding a line, and last what it looked at.
import { readFileSync } from "node:fs";
import { JSDOM } from "jsdom";
import { lint } from "markdownlint/sync";

const dom = new JSDOM("<!doctype html><body></body>");
globalThis.window = dom.window;
globalThis.document = dom.window.document;
const mermaid = (await import("mermaid")).default;
mermaid.initialize({ startOnLoad: false });

const config = JSON.parse(readFileSync(process.argv[2], "utf-8"));
const files = JSON.parse(readFileSync(process.argv[3], "utf-8"));
const findings = [];
const seen = { diagrams: 0, tasks: 0, points: 0 };

for (const [file, found] of Object.entries(lint({ files, config }))) {
  for (const one of found) {
    const detail = one.errorDetail ? ` (${one.errorDetail})` : "";
    findings.push(`${file}:${one.lineNumber}: ${one.ruleNames[0]} ${one.ruleDescription}${detail}`);
  }
}

// What the source says, read without Mermaid: a line of a gantt that is no setting is a task; an axis lists its labels.
const SETTING = /^(gantt$|title |dateFormat |axisFormat |section )/;
const squeeze = (text) => text.trim().replace(/\s+/g, " ");
const taskNames = (lines) => lines.filter((l) => l && !SETTING.test(l)).map((l) => squeeze(l.slice(0, l.lastIndexOf(" :"))));
const numbers = (line) => line.slice(line.indexOf("[") + 1, line.lastIndexOf("]")).split(", ").map(Number);
const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

function gantt(lines, db) {
  const said = taskNames(lines);
  const read = db.getTasks();
  seen.tasks += said.length;
  if (!same(said, read.map((t) => squeeze(t.task)))) return `${said.length} tasks, ${read.length} read, or by other names`;
  const late = read.filter((t) => !(t.endTime >= t.startTime) || Number.isNaN(+t.startTime));
  return late.length ? `${late.length} tasks have no time` : "";
}

function xychart(lines, db) {
  const labels = [...lines.find((l) => l.startsWith("x-axis")).matchAll(/"([^"]*)"/g)].map((m) => squeeze(m[1]));
  const said = lines.filter((l) => /^(bar|line) \[/.test(l)).map(numbers);
  const data = db.getXYChartData();
  const read = data.plots.map((p) => p.data.map(([, value]) => value));
  seen.points += said.flat().length;
  if (!same(labels, data.xAxis.categories.map(squeeze))) return `axis says ${labels.length}, ${data.xAxis.categories.length} read`;
  if (said.some((s) => s.length !== labels.length)) return "a series is not as long as the axis";
  return same(said, read) ? "" : "the points read are not those written";
}

for (const file of files) {
  const text = readFileSync(file, "utf-8");
  for (const [, block] of text.matchAll(/^```mermaid\n(.*?)^```$/gms)) {
    seen.diagrams += 1;
    const lines = block.split("\n").map((l) => l.trim());
    try {
      const diagram = await mermaid.mermaidAPI.getDiagramFromText(block);
      const reader = { gantt, xychart, "xychart-beta": xychart }[diagram.type];
      const wrong = reader ? reader(lines, diagram.db) : `nobody checks a diagram of kind ${diagram.type}`;
      if (wrong) findings.push(`${file}: mermaid ${lines[0]}: ${wrong}`);
    } catch (error) {
      findings.push(`${file}: mermaid ${lines[0]}: ${String(error.message ?? error).split("\n").slice(0, 3).join(" ")}`);
    }
  }
}

findings.forEach((finding) => console.log(finding));
console.error(`node: ${files.length} files linted, ${seen.diagrams} diagrams, ${seen.tasks} tasks, ${seen.points} points`);
process.exit(findings.length ? 1 : 0);

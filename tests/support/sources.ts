import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import * as ts from "typescript";

/** Folder of the project. */
export const ROOT = resolve(__dirname, "../..");

/** One import or re-export of a source file. */
export interface Import {
  /** What is written: `../internal/gates`, `@pulumi/aws`. */
  readonly specifier: string;
  /** Path of the file in this project, from its folder; undefined for packages. */
  readonly file?: string;
  /** Whether it vanishes at run time. */
  readonly typeOnly: boolean;
  /** Names that are imported as values. */
  readonly names: string[];
}

/** A source file, parsed. */
export interface Source {
  /** Path from the project's folder. */
  readonly path: string;
  readonly lines: number;
  readonly tree: ts.SourceFile;
  readonly imports: Import[];
}

/** Every TypeScript file of these folders and files. */
export function sourcesOf(...places: string[]): Source[] {
  return places.flatMap((place) => (place.endsWith(".ts") ? [place] : filesBelow(place))).map(sourceOf);
}

/** Every node below `node`, itself first. */
export function* nodes(node: ts.Node): Generator<ts.Node> {
  yield node;
  const children: ts.Node[] = [];
  ts.forEachChild(node, (child) => {
    children.push(child);
  });
  for (const child of children) yield* nodes(child);
}

/** Number of lines of a node, first to last. */
export function linesOf(source: Source, node: ts.Node): number {
  const line = (position: number) => source.tree.getLineAndCharacterOfPosition(position).line;
  return line(node.getEnd()) - line(node.getStart(source.tree)) + 1;
}

/** The text of a declaration's docstring; empty without one. */
export function docOf(node: ts.Node): string {
  return ts
    .getJSDocCommentsAndTags(node)
    .map((doc) => (typeof doc.comment === "string" ? doc.comment : (ts.getTextOfJSDocComment(doc.comment) ?? "")))
    .join(" ")
    .trim();
}

/** Classes in a file that are components. */
export function componentsIn({ tree }: Source): ts.ClassDeclaration[] {
  return tree.statements.filter(
    (statement): statement is ts.ClassDeclaration =>
      ts.isClassDeclaration(statement) &&
      (statement.heritageClauses ?? []).some((clause) => /\bComponentResource\b/.test(clause.getText(tree))),
  );
}

/** Whether a declaration has this modifier. */
export function has(node: ts.Node, modifier: ts.SyntaxKind): boolean {
  return ts.canHaveModifiers(node) && (ts.getModifiers(node) ?? []).some(({ kind }) => kind === modifier);
}

function filesBelow(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts") && !file.endsWith(".d.ts"))
    .map((file) => join(folder, file))
    .sort();
}

function sourceOf(path: string): Source {
  const text = readFileSync(join(ROOT, path), "utf8");
  const tree = ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true);
  return { path, lines: text.trimEnd().split("\n").length, tree, imports: importsOf(path, tree) };
}

function importsOf(path: string, tree: ts.SourceFile): Import[] {
  return tree.statements.flatMap((statement): Import[] => {
    if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) return [];
    const specifier = statement.moduleSpecifier;
    if (specifier === undefined || !ts.isStringLiteral(specifier)) return [];
    const bindings = ts.isImportDeclaration(statement) ? statement.importClause?.namedBindings : statement.exportClause;
    const elements: readonly (ts.ImportSpecifier | ts.ExportSpecifier)[] =
      bindings && (ts.isNamedImports(bindings) || ts.isNamedExports(bindings)) ? bindings.elements : [];
    const values = elements.filter((element) => !element.isTypeOnly);
    const whole = ts.isImportDeclaration(statement) ? statement.importClause?.isTypeOnly : statement.isTypeOnly;
    return [
      {
        specifier: specifier.text,
        file: specifier.text.startsWith(".") ? fileOf(path, specifier.text) : undefined,
        typeOnly: whole === true || (elements.length > 0 && values.length === 0),
        names: values.map((element) => (element.propertyName ?? element.name).text),
      },
    ];
  });
}

function fileOf(path: string, specifier: string): string {
  const target = relative(ROOT, resolve(ROOT, dirname(path), specifier)) || ".";
  const candidates = [`${target}.ts`, join(target, "index.ts"), target];
  return candidates.find((candidate) => ts.sys.fileExists(join(ROOT, candidate))) ?? target;
}

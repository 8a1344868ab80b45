import type { Problem } from "../internal/problems";

/** Where a model comes from, as far as it is checked; plain values. */
export interface ModelSourceShape {
  readonly huggingFace?: { readonly repository: string; readonly revision: string };
  readonly bucket?: { readonly name: string; readonly prefix: string };
  readonly filePatterns?: readonly string[];
}

/** A commit of a Git repository. */
export const COMMIT = /^[0-9a-f]{40}$/;

const REPOSITORY = /^[\w.-]{1,96}\/[\w.-]{1,96}$/;
const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
const PREFIX = /^([^/\s]+\/)*$/;
const PATTERN = /^[^\s/][^\s]*$/;
const REVISION = /^[\w./-]{1,128}$/;

/** Files of a model that are imported unless told otherwise: weights that run no code when they are read, configuration, tokenizer. */
export const DEFAULT_FILE_PATTERNS: readonly string[] = [
  "*.safetensors",
  "*.json",
  "*.jinja",
  "*.model",
  "*.tiktoken",
  "merges.txt",
  "vocab.txt",
];

/** What is wrong with a source; paths begin with `path`, when there is one. `pinned`: whether a revision must be a commit. */
export function modelSourceProblems(path: string, source: ModelSourceShape, pinned: boolean): Problem[] {
  const at = (key: string) => (path === "" ? key : `${path}.${key}`);
  const { huggingFace, bucket, filePatterns } = source;
  return [
    ...(huggingFace === undefined ? [] : repositoryProblems(at("huggingFace"), huggingFace, pinned)),
    ...(bucket === undefined ? [] : bucketProblems(at("bucket"), bucket)),
    ...(filePatterns === undefined ? [] : patternProblems(at("filePatterns"), filePatterns)),
  ];
}

function repositoryProblems(
  path: string,
  { repository, revision }: { readonly repository: string; readonly revision: string },
  pinned: boolean,
): Problem[] {
  const found: Problem[] = [];
  if (!REPOSITORY.test(repository)) {
    found.push({
      path: `${path}.repository`,
      rule: "must be a repository on Hugging Face: owner and name",
      got: repository,
      fix: "Write it like Qwen/Qwen2.5-7B-Instruct.",
    });
  }
  if (!REVISION.test(revision)) {
    found.push({
      path: `${path}.revision`,
      rule: "must be a commit, a tag or a branch",
      got: revision,
      fix: "Copy the commit from the repository's page `Files and versions`, History.",
    });
  } else if (pinned && !COMMIT.test(revision)) {
    found.push({
      path: `${path}.revision`,
      rule: "must be a commit of 40 hexadecimal digits: what a branch or tag names changes",
      got: revision,
      fix: "Copy the commit from the repository's page `Files and versions`, History.",
    });
  }
  return found;
}

function bucketProblems(path: string, { name, prefix }: { readonly name: string; readonly prefix: string }): Problem[] {
  const found: Problem[] = [];
  if (!BUCKET.test(name)) {
    found.push({
      path: `${path}.name`,
      rule: "must be the name of a bucket",
      got: name,
      fix: "Copy it from `aws s3 ls`.",
    });
  }
  if (!PREFIX.test(prefix)) {
    found.push({
      path: `${path}.prefix`,
      rule: "must end with a slash and not begin with one",
      got: prefix,
      fix: "Write it as folder/.",
    });
  }
  return found;
}

function patternProblems(path: string, patterns: readonly string[]): Problem[] {
  const wrong = patterns.filter((pattern) => !PATTERN.test(pattern));
  const unsafe = patterns.filter((pattern) => /\.(bin|pth|pt|ckpt|pkl|pickle)$/.test(pattern));
  return [
    ...(patterns.length > 0 && wrong.length === 0
      ? []
      : [
          {
            path,
            rule: "must name at least one pattern, each like *.json, without spaces and not beginning with a slash",
            got: patterns.length === 0 ? "none" : wrong,
            fix: "Correct it, or leave it out.",
          },
        ]),
    ...(unsafe.length === 0
      ? []
      : [
          {
            path,
            rule: "must not name pickled weights: reading them runs code",
            got: unsafe,
            fix: "Take a repository that has safetensors.",
          },
        ]),
  ];
}

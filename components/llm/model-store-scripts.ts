import { shortHash } from "../internal/stable-json";
import { STORE_CHECK_SCRIPT } from "./model-store-check-script";
import { STORE_IMPORT_SCRIPT } from "./model-store-import-script";
import { STORE_OBJECTS_SCRIPT } from "./model-store-objects-script";
import { STORE_SOURCES_SCRIPT } from "./model-store-sources-script";

/** Exit code by which the script says that another try would end the same way. */
export const REFUSED_EXIT_CODE = 64;

/** Where pods find the script. */
export const STORE_SCRIPTS_MOUNT = "/opt/model-store";

/** The module that is run. */
export const STORE_SCRIPT = `${STORE_SCRIPTS_MOUNT}/model_store.py`;

/**
 * Imports, verifies and fetches versions of models; run by Python inside vLLM's image, which brings boto3 (with the Run:ai
 * streamer for S3) and huggingface_hub. The last line of its output is the reason of a failure; it never prints a token.
 */
const MAIN_SCRIPT = `"""Imports, verifies and fetches versions of models, as its arguments say. The one secret, HF_TOKEN, is a variable."""

import argparse
import json
import os
import signal
import sys

import checking
import importing
import objects

# The Job does not try again after this one.
REFUSED = 64


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("mode", choices=["import", "verify-objects", "verify-files", "fetch"])
    parser.add_argument("--model", required=True)
    parser.add_argument("--version", required=True)
    parser.add_argument("--source", type=json.loads)
    parser.add_argument("--patterns", type=json.loads)
    parser.add_argument("--quantization")
    parser.add_argument("--digest")
    parser.add_argument("--path")
    return parser.parse_args()


def run(options):
    name = f"{options.model} v{options.version}"
    if options.mode == "import":
        metadata, is_new = importing.import_version(options)
        done = "is in the store" if is_new else "was in the store already"
        amount = f"{len(metadata['files'])} files, {metadata['totalSize']} bytes"
        return f"{name} {done}: {amount}, digest {metadata['sha256']}"
    if options.mode == "fetch":
        checking.fetch(options)
        return f"{name} is in {options.path}"
    check = checking.verify_objects if options.mode == "verify-objects" else checking.verify_files
    return f"{name} is what was imported: digest {check(options)['sha256']}"


def without_secrets(text):
    token = os.environ.get("HF_TOKEN")
    return text.replace(token, "[token]") if token else text


def main():
    # The first process of a container otherwise ignores it.
    signal.signal(signal.SIGTERM, lambda *_: objects.stopping.set())
    options = arguments()
    try:
        print(run(options), flush=True)
    except Exception as error:
        reason = str(error) or type(error).__name__
        text = f"{options.mode} of {options.model} v{options.version} failed: {reason}"
        print(without_secrets(text), file=sys.stderr, flush=True)
        sys.exit(REFUSED if isinstance(error, objects.Refusal) else 1)


if __name__ == "__main__":
    main()
`;

/** The script by file. */
export const STORE_SCRIPTS: Readonly<Record<string, string>> = {
  "model_store.py": MAIN_SCRIPT,
  "importing.py": STORE_IMPORT_SCRIPT,
  "checking.py": STORE_CHECK_SCRIPT,
  "sources.py": STORE_SOURCES_SCRIPT,
  "objects.py": STORE_OBJECTS_SCRIPT,
};

/** ConfigMap with the script: named after its content, so that pods with another script are other pods. Known offline. */
export const STORE_SCRIPTS_CONFIG = `model-store-scripts-${shortHash(STORE_SCRIPTS)}`;

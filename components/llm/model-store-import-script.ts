/** Python module `importing`: brings a version into the store, its metadata last. */
export const STORE_IMPORT_SCRIPT = `"""Brings a version of a model into the store, once."""

import datetime
import json
from concurrent.futures import ThreadPoolExecutor

from objects import METADATA, Refusal, Store, content_digest, parts_of
from sources import Bucket, HuggingFace, is_wanted

# Each holds a part or two in memory.
FILES_AT_ONCE = 4


def source_of(store, description):
    if "huggingFace" in description:
        return HuggingFace(**description["huggingFace"])
    return Bucket(store, **description["bucket"])


def quantization_of(config):
    """Format of the weights by the checkpoint's own config.json: its name, bits a weight, and group size."""
    found = config.get("quantization_config")
    if found is None:
        wide = "32" in str(config.get("torch_dtype") or config.get("dtype"))
        return "none", 32 if wide else 16, None
    method = str(found.get("quant_method", "unknown"))
    groups = found.get("config_groups") or {}
    weights = next((group["weights"] for group in groups.values() if group.get("weights")), {})
    bits = found.get("bits") or found.get("w_bit") or weights.get("num_bits")
    size = found.get("group_size") or found.get("q_group_size") or weights.get("group_size")
    if method in ("fbgemm_fp8", "fp8") or (weights.get("type") == "float" and bits == 8):
        return "fp8", 8, size
    return method, bits, size


def import_version(options):
    """The metadata of the version; it is written last, so that a version is either whole or not there."""
    store = Store()
    source = source_of(store, options.source)
    name = f"{options.model} v{options.version}"
    prefix = f"models/{options.model}/v{options.version}/"
    there = store.read_json(prefix + METADATA)
    if there is not None:
        if there["source"] != source.says():
            raise Refusal(
                f"{name} is in the store already, from {json.dumps(there['source'])}; "
                "versions never change, so that another content needs another version"
            )
        return there, False
    entries = [each for each in source.entries() if is_wanted(each.path, options.patterns)]
    if not any(each.path.endswith(".safetensors") for each in entries):
        raise Refusal(f"{name}: the source has no *.safetensors among the wanted files")
    facts = facts_of(entries, name, options.quantization)
    files = import_files(store, prefix, f"imports/{options.model}/v{options.version}/", entries)
    strange = set(store.listing(prefix)) - {file["path"] for file in files} - {METADATA}
    if strange:
        raise Refusal(f"{name}: objects under {prefix} that its source does not have: {', '.join(sorted(strange))}")
    metadata = {
        "name": options.model,
        "version": options.version,
        **facts,
        "uploadTime": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "source": source.says(),
        "files": files,
        "totalSize": sum(file["size"] for file in files),
        "sha256": content_digest(files),
    }
    if store.write_json(prefix + METADATA, metadata, once=True):
        return metadata, True
    other = store.read_json(prefix + METADATA)
    if other["sha256"] != metadata["sha256"]:
        raise Refusal(f"{name} was written meanwhile, with another content")
    return other, False


def facts_of(entries, name, expected):
    """What config.json says of the weights, before any of them is fetched."""
    config = next((each for each in entries if each.path == "config.json"), None)
    if config is None:
        # An adapter: its base model is elsewhere.
        return {"framework": "peft", "quantization": "none", "bits": None, "groupSize": None}
    method, bits, size = quantization_of(json.loads(config.content()))
    if expected is not None and method != expected:
        raise Refusal(f"{name}: the settings say quantization {expected}, and config.json says {method}")
    return {"framework": "safetensors", "quantization": method, "bits": bits, "groupSize": size}


def import_files(store, prefix, records, entries):
    there = store.listing(prefix)
    kept = store.listing(records)

    def one(entry):
        return import_file(store, prefix, records, entry, entry.path in there, f"{entry.path}.json" in kept)

    # Those under way when one fails are finished: the next try has less to do.
    with ThreadPoolExecutor(FILES_AT_ONCE) as pool:
        running = [pool.submit(one, entry) for entry in sorted(entries, key=lambda each: each.path)]
    return [each.result() for each in running]


def import_file(store, prefix, records, entry, is_there, has_record):
    key = prefix + entry.path
    record_key = f"{records}{entry.path}.json"
    record = store.read_json(record_key) if has_record and is_there else None
    if record is not None and record["identity"] == entry.identity:
        file = record["file"]
        if store.proof(key) == (file["size"], file["checksum"]):
            print(f"kept {entry.path}: it is in the store from an earlier try", flush=True)
            return file
    digest = entry.digest()
    with entry.open() as stream:
        if is_there:
            for part in parts_of(stream):
                digest.add(part)
            entry.check(digest)
        else:
            store.upload(key, stream, entry.size, digest, lambda: entry.check(digest))
    if store.proof(key) != (digest.size, digest.checksum):
        raise Refusal(f"{key} is in the store with another content; versions never change, so take another version")
    file = {"path": entry.path, "size": digest.size, "sha256": digest.sha256, "checksum": digest.checksum}
    store.write_json(record_key, {"identity": entry.identity, "file": file})
    print(f"stored {entry.path}: {digest.size} bytes, SHA-256 {digest.sha256}", flush=True)
    return file
`;

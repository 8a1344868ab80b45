/** Python module `checking`: holds weights against their metadata, and copies them to volumes. */
export const STORE_CHECK_SCRIPT = `"""Holds weights against the metadata of their version, and copies them to a volume."""

import hashlib
import os
import socket
from concurrent.futures import ThreadPoolExecutor

from objects import METADATA, Digest, ObjectStream, Refusal, Store, content_digest, parts_of

FILES_AT_ONCE = 4


def metadata_of(store, options):
    """The metadata of a version, which must hold together and, where a digest is pinned, be that very one."""
    key = f"models/{options.model}/v{options.version}/{METADATA}"
    metadata = store.read_json(key)
    if metadata is None:
        raise IOError(f"{key} is not in the store: nothing has imported this version, or not to its end")
    digest = content_digest(metadata["files"])
    if digest != metadata["sha256"]:
        raise Refusal(f"{key} was changed: its files have the digest {digest}, and it says {metadata['sha256']}")
    if options.digest is not None and digest != options.digest:
        raise Refusal(f"{key} has the digest {digest}, and {options.digest} is pinned")
    return metadata


def each_of(metadata, check):
    """Checks all files, and tells of every one that is wrong."""
    with ThreadPoolExecutor(FILES_AT_ONCE) as pool:
        wrong = [text for text in pool.map(check, metadata["files"]) if text is not None]
    if wrong:
        raise Refusal("; ".join(wrong))


def refuse_strange(paths, metadata):
    """Engines load every file of weights that they find."""
    strange = set(paths) - {file["path"] for file in metadata["files"]}
    strange = sorted(path for path in strange if path.endswith(".safetensors"))
    if strange:
        raise Refusal(f"weights that metadata.json does not know: {', '.join(strange)}")


def verify_objects(options):
    """By the checksums that S3 keeps; no weights are read."""
    store = Store()
    metadata = metadata_of(store, options)
    prefix = f"models/{options.model}/v{options.version}/"
    there = store.listing(prefix)
    refuse_strange(there, metadata)

    def check(file):
        if file["path"] not in there:
            return f"{file['path']} is missing"
        if store.proof(prefix + file["path"]) != (file["size"], file["checksum"]):
            return f"{file['path']} is not what was imported"
        return None

    each_of(metadata, check)
    return metadata


def is_right(path, file):
    """Whether a file on a volume is the one of the metadata; all of it is read."""
    if not os.path.isfile(path) or os.path.getsize(path) != file["size"]:
        return False
    with open(path, "rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest() == file["sha256"]


def verify_files(options):
    """By reading all of them."""
    metadata = metadata_of(Store(), options)
    found = [
        os.path.relpath(os.path.join(folder, name), options.path)
        for folder, _, names in os.walk(options.path)
        for name in names
    ]
    refuse_strange(found, metadata)

    def check(file):
        path = os.path.join(options.path, file["path"])
        if not os.path.isfile(path):
            return f"{file['path']} is missing"
        return None if is_right(path, file) else f"{file['path']} is not what was imported"

    each_of(metadata, check)
    return metadata


def fetch(options):
    """Copies a version to a folder. Files that are there and right stay; a reader never sees half a file."""
    store = Store()
    metadata = metadata_of(store, options)
    prefix = f"models/{options.model}/v{options.version}/"
    there = store.listing(prefix)

    def copy(file):
        path = os.path.join(options.path, file["path"])
        if is_right(path, file):
            return None
        if file["path"] not in there:
            return f"{file['path']} is missing"
        os.makedirs(os.path.dirname(path), exist_ok=True)
        # Several pods may fill one volume at once.
        unfinished = f"{path}.{socket.gethostname()}.part"
        digest = Digest()
        try:
            with open(unfinished, "wb") as target:
                for part in parts_of(ObjectStream(store.s3, store.bucket, prefix + file["path"], there[file["path"]])):
                    digest.add(part)
                    target.write(part)
            if digest.size != file["size"]:
                raise IOError(f"{file['path']} ended after {digest.size} of {file['size']} bytes")
            if digest.sha256 != file["sha256"]:
                return f"{file['path']} is not what was imported"
            os.replace(unfinished, path)
        finally:
            if os.path.exists(unfinished):
                os.remove(unfinished)
        return None

    each_of(metadata, copy)
    return metadata
`;

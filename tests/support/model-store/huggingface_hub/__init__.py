"""The Hugging Face Hub in a folder: owner/name/<commit>/<files>. A file `gated` beside the commits asks for a token."""

import hashlib
import json
import os
from pathlib import Path
from types import SimpleNamespace

from . import errors

ROOT = Path(os.environ["STAND_IN_HUB"])
# Files whose content git does not keep itself.
LARGE = (".safetensors", ".bin", ".pth")


class HfApi:
    def model_info(self, repository, revision, files_metadata):
        assert files_metadata
        folder = ROOT / repository
        token = os.environ.get("HF_TOKEN")
        if not folder.is_dir():
            raise errors.RepositoryNotFoundError(f"401 for {repository} with {token}")
        if (folder / "gated").is_file() and token != "hf_admitted":
            raise errors.GatedRepoError(f"403 for {repository} with {token}")
        if not (folder / revision).is_dir():
            raise errors.RevisionNotFoundError(f"404 for {revision}")
        wrong = folder / "wrong.json"
        promised = json.loads(wrong.read_text()) if wrong.is_file() else {}
        files = sorted(path for path in (folder / revision).rglob("*") if path.is_file())
        siblings = [sibling(str(path.relative_to(folder / revision)), path, promised) for path in files]
        return SimpleNamespace(sha=revision, siblings=siblings)


def sibling(name, path, promised):
    content = path.read_bytes()
    blob = promised.get(name, hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest())
    large = name.endswith(LARGE)
    lfs = SimpleNamespace(sha256=promised.get(name, hashlib.sha256(content).hexdigest()), size=len(content))
    return SimpleNamespace(rfilename=name, size=len(content), blob_id=blob, lfs=lfs if large else None)


class HfFileSystem:
    def open(self, path, mode, revision, block_size):
        assert mode == "rb" and block_size == 0
        owner, name, *rest = path.split("/")
        with open(ROOT / "reads.log", "a") as log:
            log.write(f"{'/'.join(rest)}\n")
        if os.environ.get("STAND_IN_HUB_FAILS") == rest[-1]:
            raise OSError(f"the connection broke; the token was {os.environ.get('HF_TOKEN')}")
        return open(ROOT / owner / name / revision / "/".join(rest), "rb")

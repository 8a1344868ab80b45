/** Python module `sources`: the Hugging Face Hub, and folders of other buckets. */
export const STORE_SOURCES_SCRIPT = `"""Where models come from."""

import fnmatch
import json

from objects import METADATA, Digest, ObjectStream, Refusal, parts_of


def is_wanted(path, patterns):
    """Whether a path fits one of the patterns; an asterisk does not reach across a slash."""
    steps = path.split("/")
    return any(
        len(steps) == len(pattern.split("/")) and all(map(fnmatch.fnmatchcase, steps, pattern.split("/")))
        for pattern in patterns
    )


class Entry:
    """A file of a source, and what the source itself says of its content."""

    def __init__(self, path, size, identity, open_stream, sha256=None, blob=None):
        self.path = path
        self.size = size
        # Another content has another identity.
        self.identity = identity
        self.open = open_stream
        self.sha256 = sha256
        # Name of the content in git, which hashes small files itself.
        self.blob = blob

    def digest(self):
        return Digest(None if self.blob is None else self.size)

    def check(self, digest):
        """Refuses what is not what the source promises."""
        if digest.size != self.size:
            raise IOError(f"{self.path} ended after {digest.size} of {self.size} bytes")
        if self.sha256 is not None and digest.sha256 != self.sha256:
            raise Refusal(f"{self.path} has SHA-256 {digest.sha256}, and its source says {self.sha256}")
        if self.blob is not None and digest.git.hexdigest() != self.blob:
            raise Refusal(f"{self.path} is the blob {digest.git.hexdigest()}, and its source says {self.blob}")

    def content(self):
        """All of a small file, checked."""
        digest = self.digest()
        with self.open() as stream:
            parts = list(parts_of(stream))
        for part in parts:
            digest.add(part)
        self.check(digest)
        return b"".join(parts)


class HuggingFace:
    """A repository on the Hugging Face Hub at one revision. The token, if any, is in HF_TOKEN."""

    def __init__(self, repository, revision):
        self.repository = repository
        self.revision = revision

    def says(self):
        return {"huggingFace": {"repository": self.repository, "revision": self.revision}}

    def entries(self):
        import huggingface_hub
        from huggingface_hub import errors

        name = f"{self.repository} at {self.revision}"
        try:
            info = huggingface_hub.HfApi().model_info(self.repository, revision=self.revision, files_metadata=True)
        except errors.GatedRepoError as error:
            raise Refusal(f"{name} is gated: its terms must be accepted by the account whose token is given") from error
        except errors.RepositoryNotFoundError as error:
            raise Refusal(f"{name} does not exist, or the token may not see it") from error
        except errors.RevisionNotFoundError as error:
            raise Refusal(f"{name} does not exist: there is no such commit") from error
        files = huggingface_hub.HfFileSystem()

        def opener(path):
            # In one stream, without a cache; it asks again from where it was when the connection breaks.
            return lambda: files.open(f"{self.repository}/{path}", "rb", revision=info.sha, block_size=0)

        return [
            Entry(
                each.rfilename,
                each.size,
                f"{self.repository}@{info.sha}:{each.blob_id}",
                opener(each.rfilename),
                sha256=each.lfs.sha256 if each.lfs else None,
                blob=None if each.lfs else each.blob_id,
            )
            for each in info.siblings
        ]


class Bucket:
    """A folder of another bucket; what a metadata.json in it says is held against it."""

    def __init__(self, store, name, prefix):
        self.store = store
        self.name = name
        self.prefix = prefix

    def says(self):
        return {"bucket": {"name": self.name, "prefix": self.prefix}}

    def entries(self):
        objects = self.store.listing(self.prefix, self.name)
        promised = {}
        if METADATA in objects:
            document = json.loads(self.opener(METADATA, objects[METADATA])().read())
            promised = {file["path"]: file["sha256"] for file in document["files"]}
        return [
            Entry(
                path,
                each["Size"],
                f"{self.name}/{self.prefix}{path}:{each['ETag']}",
                self.opener(path, each),
                sha256=promised.get(path),
            )
            for path, each in objects.items()
            if path != METADATA
        ]

    def opener(self, path, found):
        return lambda: ObjectStream(self.store.s3, self.name, self.prefix + path, found)
`;

/** Python module `objects`: the bucket of the model store, digests, and uploads that never overwrite. */
export const STORE_OBJECTS_SCRIPT = String.raw`"""The model store: what is in it, and what vouches for it."""

import base64
import contextlib
import hashlib
import io
import json
import os
import threading

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

# Objects above it are uploaded in parts of this size. It never changes: the checksums in metadata.json follow from it.
PART = 64 * 1024 * 1024
# A stream that breaks begins again behind the last piece that it gave.
PIECE = 8 * 1024 * 1024
METADATA = "metadata.json"
# Set when the pod is asked to go; uploads under way then end, and leave nothing behind.
stopping = threading.Event()


class Refusal(Exception):
    """Another try would end the same way."""


class Digest:
    """SHA-256 of a stream: of the whole, and as S3 keeps it for several parts; with a size also git's name for it."""

    def __init__(self, git_size=None):
        self.whole = hashlib.sha256()
        self.parts = []
        self.size = 0
        self.git = None if git_size is None else hashlib.sha1(b"blob %d\0" % git_size, usedforsecurity=False)

    def add(self, part):
        self.whole.update(part)
        self.parts.append(hashlib.sha256(part).digest())
        self.size += len(part)
        if self.git is not None:
            self.git.update(part)

    @property
    def sha256(self):
        return self.whole.hexdigest()

    @property
    def checksum(self):
        if len(self.parts) < 2:
            return encoded(self.whole.digest())
        return encoded(hashlib.sha256(b"".join(self.parts)).digest())


def encoded(digest):
    return base64.b64encode(digest).decode()


def parts_of(stream):
    """The stream in pieces of PART bytes; only the last is shorter."""
    most = getattr(stream, "piece", PIECE)
    while True:
        part = bytearray()
        while len(part) < PART:
            if stopping.is_set():
                raise InterruptedError("the pod is asked to go")
            piece = stream.read(min(most, PART - len(part)))
            if not piece:
                break
            part += piece
        if part:
            yield bytes(part)
        if len(part) < PART:
            return


def content_digest(files):
    """One digest of all files of a version. Copies have the same: it says nothing of when and whence they came."""
    lines = sorted(f"{file['path']} {file['size']} {file['sha256']} {file['checksum']}\n" for file in files)
    return hashlib.sha256("".join(lines).encode()).hexdigest()


class ObjectStream(io.RawIOBase):
    """An object, read range by range: a broken connection costs one range. It must not change meanwhile."""

    def __init__(self, s3, bucket, key, found):
        super().__init__()
        self.s3 = s3
        self.target = {"Bucket": bucket, "Key": key, "IfMatch": found["ETag"]}
        self.size = found["Size"]
        self.piece = PART
        self.position = 0

    def read(self, length=-1):
        end = self.size if length < 0 else min(self.size, self.position + length)
        if end == self.position:
            return b""
        piece = self.s3.get_object(**self.target, Range=f"bytes={self.position}-{end - 1}")["Body"].read()
        self.position += len(piece)
        return piece


def open_client(endpoint):
    retries = {"mode": "standard", "max_attempts": 10}
    return boto3.client(
        "s3",
        region_name=os.environ.get("AWS_REGION"),
        endpoint_url=endpoint or None,
        config=Config(retries=retries, max_pool_connections=32),
    )


class Store:
    """The bucket of the model store. Nothing under models/ is ever written twice."""

    def __init__(self):
        self.bucket = os.environ["MODEL_BUCKET"]
        self.s3 = open_client(os.environ.get("MODEL_STORE_ENDPOINT"))

    def listing(self, prefix, bucket=None):
        """What is under a prefix, by what follows the prefix."""
        pages = self.s3.get_paginator("list_objects_v2").paginate(Bucket=bucket or self.bucket, Prefix=prefix)
        objects = [each for page in pages for each in page.get("Contents", [])]
        return {each["Key"][len(prefix):]: each for each in objects if not each["Key"].endswith("/")}

    def read_json(self, key):
        """A document; None when there is none."""
        if key.rpartition("/")[2] not in self.listing(key.rpartition("/")[0] + "/"):
            return None
        return json.loads(self.s3.get_object(Bucket=self.bucket, Key=key)["Body"].read())

    def write_json(self, key, document, once=False):
        """Writes a document; with once it must not be there. Tells whether it was written."""
        body = json.dumps(document, indent=2, sort_keys=True).encode()
        condition = {"IfNoneMatch": "*"} if once else {}
        try:
            self.s3.put_object(Bucket=self.bucket, Key=key, Body=body, ContentType="application/json", **condition)
        except ClientError as error:
            if once and error.response["Error"]["Code"] in ("PreconditionFailed", "412"):
                return False
            raise
        return True

    def proof(self, key):
        """Size and checksum of an object as S3 keeps them; its bytes are not read."""
        head = self.s3.head_object(Bucket=self.bucket, Key=key, ChecksumMode="ENABLED")
        # How many parts there were follows from the size; not every service says it here.
        return head["ContentLength"], head.get("ChecksumSHA256", "none").partition("-")[0]

    def upload(self, key, stream, size, digest, check):
        """Writes a new object; it appears when check has passed, or not at all."""
        if size <= PART:
            parts = list(parts_of(stream))
            for part in parts:
                digest.add(part)
            check()
            body = b"".join(parts)
            checksum = encoded(hashlib.sha256(body).digest())
            whole = {"Body": body, "ChecksumAlgorithm": "SHA256", "ChecksumSHA256": checksum}
            self.s3.put_object(Bucket=self.bucket, Key=key, IfNoneMatch="*", **whole)
            return
        target = {"Bucket": self.bucket, "Key": key}
        upload = self.s3.create_multipart_upload(**target, ChecksumAlgorithm="SHA256")["UploadId"]
        try:
            sent = []
            for number, part in enumerate(parts_of(stream), 1):
                digest.add(part)
                checksum = encoded(digest.parts[-1])
                answer = self.s3.upload_part(
                    **target, UploadId=upload, PartNumber=number, Body=part, ChecksumSHA256=checksum
                )
                sent.append({"PartNumber": number, "ETag": answer["ETag"], "ChecksumSHA256": checksum})
            check()
            self.s3.complete_multipart_upload(
                **target, UploadId=upload, MultipartUpload={"Parts": sent}, IfNoneMatch="*"
            )
        except BaseException:
            # What cannot be thrown away here, the bucket's lifecycle does.
            with contextlib.suppress(Exception):
                self.s3.abort_multipart_upload(**target, UploadId=upload)
            raise
`;

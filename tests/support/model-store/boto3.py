"""S3 in a folder: buckets are folders, and what S3 knows of an object besides its bytes is beside them."""

import base64
import hashlib
import io
import json
import os
import threading
import uuid
from pathlib import Path

from botocore.exceptions import ClientError

ROOT = Path(os.environ["STAND_IN_BUCKETS"])
LOCK = threading.Lock()
COUNTS = {}


def client(service, region_name=None, endpoint_url=None, config=None):
    assert service == "s3" and region_name and config is not None
    return FolderS3()


def encoded(digest):
    return base64.b64encode(digest).decode()


def called(operation, bucket, key):
    """Notes a call; STAND_IN_DIES_AT=upload_part:2 kills the process at the second such call, as losing its machine would."""
    with LOCK:
        COUNTS[operation] = COUNTS.get(operation, 0) + 1
        with open(ROOT / "calls.log", "a") as log:
            log.write(f"{operation} {bucket}/{key}\n")
    at, _, count = os.environ.get("STAND_IN_DIES_AT", ":0").partition(":")
    if at == operation and COUNTS[operation] == int(count):
        os._exit(137)


class FolderS3:
    def paths(self, bucket, key):
        return ROOT / bucket / key, ROOT / ".known" / bucket / f"{key}.json"

    def known(self, bucket, key, operation):
        path, known = self.paths(bucket, key)
        if not path.is_file():
            raise ClientError("NoSuchKey", operation)
        if known.is_file():
            return json.loads(known.read_text())
        return {"etag": hashlib.md5(path.read_bytes()).hexdigest()}

    def get_paginator(self, operation):
        assert operation == "list_objects_v2"
        return self

    def paginate(self, Bucket, Prefix):
        called("list", Bucket, Prefix)
        root = ROOT / Bucket
        keys = sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())
        found = [key for key in keys if key.startswith(Prefix)]
        # Two pages, as a large listing has.
        for page in (found[:1], found[1:]):
            yield {
                "Contents": [
                    {"Key": key, "Size": (root / key).stat().st_size, "ETag": self.known(Bucket, key, "list")["etag"]}
                    for key in page
                ]
            }

    def get_object(self, Bucket, Key, Range=None, IfMatch=None):
        called("get", Bucket, Key)
        known = self.known(Bucket, Key, "GetObject")
        if IfMatch not in (None, known["etag"]):
            raise ClientError("PreconditionFailed", "GetObject")
        body = self.paths(Bucket, Key)[0].read_bytes()
        if Range is not None:
            first, last = Range.removeprefix("bytes=").split("-")
            body = body[int(first) : int(last) + 1]
        return {"Body": io.BytesIO(body)}

    def head_object(self, Bucket, Key, ChecksumMode):
        assert ChecksumMode == "ENABLED"
        called("head", Bucket, Key)
        known = self.known(Bucket, Key, "HeadObject")
        checksum = {"ChecksumSHA256": known["checksum"]} if "checksum" in known else {}
        return {"ContentLength": self.paths(Bucket, Key)[0].stat().st_size, **checksum}

    def put_object(self, Bucket, Key, Body, IfNoneMatch=None, ChecksumSHA256=None, **_):
        called("put", Bucket, Key)
        if ChecksumSHA256 is not None and encoded(hashlib.sha256(Body).digest()) != ChecksumSHA256:
            raise ClientError("BadDigest", "PutObject")
        self.write(Bucket, Key, Body, ChecksumSHA256, IfNoneMatch, "PutObject")

    def write(self, bucket, key, body, checksum, condition, operation):
        path, known = self.paths(bucket, key)
        with LOCK:
            if condition == "*" and path.is_file():
                raise ClientError("PreconditionFailed", operation)
            # As S3 would: an importer may add below models/, and never replace.
            if key.startswith("models/") and condition != "*":
                raise ClientError("AccessDenied", operation)
            path.parent.mkdir(parents=True, exist_ok=True)
            known.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(body)
            document = {"etag": uuid.uuid4().hex}
            known.write_text(json.dumps(document if checksum is None else {**document, "checksum": checksum}))

    def create_multipart_upload(self, Bucket, Key, ChecksumAlgorithm):
        assert ChecksumAlgorithm == "SHA256"
        called("create_upload", Bucket, Key)
        upload = uuid.uuid4().hex
        (ROOT / ".uploads" / upload).mkdir(parents=True)
        return {"UploadId": upload}

    def upload_part(self, Bucket, Key, UploadId, PartNumber, Body, ChecksumSHA256):
        called("upload_part", Bucket, Key)
        if encoded(hashlib.sha256(Body).digest()) != ChecksumSHA256:
            raise ClientError("BadDigest", "UploadPart")
        (ROOT / ".uploads" / UploadId / f"{PartNumber:05}").write_bytes(Body)
        return {"ETag": hashlib.md5(Body).hexdigest()}

    def complete_multipart_upload(self, Bucket, Key, UploadId, MultipartUpload, IfNoneMatch=None):
        called("complete_upload", Bucket, Key)
        parts = [part.read_bytes() for part in sorted((ROOT / ".uploads" / UploadId).iterdir())]
        assert [each["PartNumber"] for each in MultipartUpload["Parts"]] == list(range(1, len(parts) + 1))
        digests = b"".join(hashlib.sha256(part).digest() for part in parts)
        checksum = f"{encoded(hashlib.sha256(digests).digest())}-{len(parts)}"
        self.write(Bucket, Key, b"".join(parts), checksum, IfNoneMatch, "CompleteMultipartUpload")
        self.abort_multipart_upload(Bucket, Key, UploadId)

    def abort_multipart_upload(self, Bucket, Key, UploadId):
        folder = ROOT / ".uploads" / UploadId
        for part in folder.iterdir():
            part.unlink()
        folder.rmdir()

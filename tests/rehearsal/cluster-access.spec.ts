import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeAwsCommand } from "../../rehearsal/cluster/aws-command";
import { movedEndpoint } from "../../rehearsal/kubernetes/cloud-connector";

describe("the way into a rehearsed cluster", () => {
  it("moves to another address of the same server, and back", () => {
    const first = { endpoint: "https://127.0.0.1:6443", certificateAuthority: Buffer.from("pem").toString("base64") };
    const second = movedEndpoint(first);
    assert.equal(second.endpoint, "https://localhost:6443");
    assert.match(Buffer.from(second.certificateAuthority, "base64").toString(), /^pem\n#/);
    assert.equal(movedEndpoint(second).endpoint, first.endpoint);
  });

  it("has a command that hands out its token as AWS' does", () => {
    const folder = mkdtempSync(join(tmpdir(), "commands-"));
    try {
      const command = join(writeAwsCommand(folder, "token%s"), "aws");
      const answer = JSON.parse(
        execFileSync(command, ["eks", "get-token", "--cluster-name", "any"], { encoding: "utf8" }),
      );
      assert.equal(answer.kind, "ExecCredential");
      assert.deepEqual(answer.status, { token: "token%s" });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

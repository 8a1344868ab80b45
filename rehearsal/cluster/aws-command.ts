import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Makes a folder with a command `aws` that answers as `aws eks get-token` does, with `token`: the kubeconfig of an EKS cluster
 * names that command, and an installed Kubernetes plugin runs it. Answers the folder, for the PATH.
 */
export function writeAwsCommand(folder: string, token: string): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const credential = {
    apiVersion: "client.authentication.k8s.io/v1beta1",
    kind: "ExecCredential",
    spec: {},
    status: { token },
  };
  writeFileSync(join(folder, "aws"), `#!/bin/sh\nprintf '%s' '${JSON.stringify(credential)}'\n`, { mode: 0o700 });
  return folder;
}

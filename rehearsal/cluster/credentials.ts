import { execFile } from "node:child_process";
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { stringify } from "yaml";

const run = promisify(execFile);

/** Every name by which a server of the control plane is called. */
const SERVER_NAMES = ["127.0.0.1", "localhost", "kubernetes.default.svc", "172.20.0.1"];

/** Files and secrets that one control plane is made with, and that no other shares. */
export interface Credentials {
  readonly certificateFile: string;
  readonly certificateKeyFile: string;
  /** PEM, base64. The certificate is its own authority. */
  readonly certificateAuthority: string;
  readonly serviceAccountKeyFile: string;
  readonly serviceAccountPublicKeyFile: string;
  /** Users by token, as kube-apiserver reads them. */
  readonly tokenFile: string;
  /** Of a user with every right. */
  readonly token: string;
}

/** Makes the credentials of a new control plane in `folder`. */
export async function makeCredentials(folder: string, generateCertificate: string): Promise<Credentials> {
  // Writes cert.pem and key.pem to where it runs.
  await run(generateCertificate, ["--host", SERVER_NAMES.join(","), "--ca", "--ecdsa-curve", "P256"], { cwd: folder });
  const certificateFile = join(folder, "cert.pem");
  const token = randomBytes(24).toString("hex");
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const write = async (name: string, text: string | Buffer) => {
    const file = join(folder, name);
    await writeFile(file, text, { mode: 0o600 });
    return file;
  };
  return {
    certificateFile,
    certificateKeyFile: join(folder, "key.pem"),
    certificateAuthority: (await readFile(certificateFile)).toString("base64"),
    serviceAccountKeyFile: await write("sa.key", privateKey.export({ type: "pkcs8", format: "pem" })),
    serviceAccountPublicKeyFile: await write("sa.pub", publicKey.export({ type: "spki", format: "pem" })),
    tokenFile: await write("tokens.csv", `${token},rehearsal,rehearsal,"system:masters"\n`),
    token,
  };
}

/** A kubeconfig for whoever holds `token`. */
export function kubeconfigText(endpoint: string, { certificateAuthority, token }: Credentials): string {
  const name = "rehearsal";
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name, cluster: { server: endpoint, "certificate-authority-data": certificateAuthority } }],
    users: [{ name, user: { token } }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    "current-context": name,
  });
}

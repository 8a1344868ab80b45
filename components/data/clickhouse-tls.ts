import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { after } from "../internal/gates";
import type { ClickHouseArgs } from "./clickhouse";
import { installationService, shardService } from "./clickhouse-names";

/** Where the server finds its certificate and key. */
export const TLS_FOLDER = "/etc/clickhouse-server/tls";

/** The Secret that cert-manager writes. */
function tlsSecret(installation: string): string {
  return `clickhouse-${installation}-tls`;
}

/** Volume and mount of the certificate; none without TLS. */
export function tlsMount(settings: Pick<ClickHouseArgs, "installation" | "tls">) {
  if (settings.tls === undefined) return { volumes: [], volumeMounts: [] };
  return {
    volumes: [{ name: "tls", secret: { secretName: tlsSecret(settings.installation), defaultMode: 0o440 } }],
    volumeMounts: [{ name: "tls", mountPath: TLS_FOLDER, readOnly: true }],
  };
}

/** Every name that a client inside the cluster may use: the Services, and the hosts by wildcard. */
export function certificateNames(
  settings: Pick<ClickHouseArgs, "installation" | "clusterName" | "shards">,
  namespace: string,
) {
  const cluster = settings.clusterName ?? "default";
  const services = [
    installationService(settings.installation),
    ...Array.from({ length: settings.shards }, (_, shard) => shardService(settings.installation, cluster, shard)),
  ];
  return [
    ...services.flatMap((service) => [
      service,
      `${service}.${namespace}`,
      `${service}.${namespace}.svc`,
      `${service}.${namespace}.svc.cluster.local`,
    ]),
    `*.${namespace}.svc.cluster.local`,
  ];
}

/**
 * The certificate of the server, if TLS is wanted. Nothing waits for its issuance: the pods cannot start without the Secret,
 * so the installation's own wait covers it.
 */
export function clickHouseCertificate(
  name: string,
  args: ClickHouseArgs,
  opts: pulumi.CustomResourceOptions,
): kubernetes.apiextensions.CustomResource | undefined {
  if (args.tls === undefined) return undefined;
  return new kubernetes.apiextensions.CustomResource(
    `${name}-certificate`,
    {
      apiVersion: "cert-manager.io/v1",
      kind: "Certificate",
      metadata: { name: tlsSecret(args.installation), namespace: args.namespace },
      spec: {
        secretName: tlsSecret(args.installation),
        issuerRef: {
          group: "cert-manager.io",
          kind: args.tls.issuerKind ?? "ClusterIssuer",
          name: args.tls.issuerName,
        },
        dnsNames: pulumi.output(args.namespace).apply((namespace) => certificateNames(args, namespace)),
        privateKey: { algorithm: "ECDSA", size: 256, rotationPolicy: "Always" },
        usages: ["server auth", "digital signature", "key encipherment"],
      },
    },
    { ...opts, dependsOn: after(args.tls.issuerReady) },
  );
}

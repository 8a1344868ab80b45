import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { LangfuseArgs, LangfuseIngressArgs } from "./langfuse-args";
import { chartPodLabels, langfuseNames, WEB_PORT } from "./langfuse-names";

/** The public way to the web Service: an object of ours, since the chart's own can neither be awaited nor switched per controller. */
export function langfuseIngress(
  name: string,
  args: LangfuseArgs,
  ingress: LangfuseIngressArgs,
  webServiceName: pulumi.Input<string>,
  opts: pulumi.CustomResourceOptions,
): kubernetes.networking.v1.Ingress {
  const release = args.releaseName ?? "langfuse";
  const backend = { service: { name: webServiceName, port: { number: WEB_PORT } } };
  return new kubernetes.networking.v1.Ingress(
    `${name}-ingress`,
    {
      metadata: {
        namespace: args.namespace,
        name: langfuseNames(release).ingress,
        labels: chartPodLabels(release, "ingress"),
        // A controller behind a load balancer of its own reports no address, and Pulumi would wait for one in vain.
        annotations: pulumi
          .output(ingress.annotations ?? {})
          .apply((annotations) => ({ "pulumi.com/skipAwait": "true", ...annotations })),
      },
      spec: {
        ingressClassName: ingress.className,
        ...(ingress.tlsSecretName === undefined
          ? {}
          : { tls: [{ hosts: [args.host], secretName: ingress.tlsSecretName }] }),
        rules: [{ host: args.host, http: { paths: [{ path: "/", pathType: "Prefix", backend }] } }],
      },
    },
    opts,
  );
}

import type * as pulumi from "@pulumi/pulumi";
import { IMAGES, imageReference } from "../internal/images";
import type { Mirrors } from "../internal/mirrors";
import { type ContainerResources, type Placement, restrictedContainer } from "../internal/pods";
import type { ClickHouseStorage } from "./clickhouse-keeper";
import { KEEPER_CLUSTER, KEEPER_PORTS } from "./clickhouse-names";
import { clickHousePod, scratchSpace, volumeClaim } from "./clickhouse-pods";

/** What the installation depends on; `ClickHouseKeeperArgs` carries all of it. */
export interface KeeperSettings {
  readonly installation: string;
  readonly replicas: number;
  readonly storage: ClickHouseStorage;
  readonly durable: boolean;
  readonly resources?: ContainerResources;
  readonly imageTag?: string;
  readonly readOnlyRootFilesystem?: boolean;
  readonly placement?: Placement;
  readonly priorityClassName?: pulumi.Input<string>;
  readonly mirrors?: Mirrors;
}

/** `spec` of a ClickHouseKeeperInstallation. */
export function keeperSpec(settings: KeeperSettings) {
  return {
    defaults: {
      // The operator, not the StatefulSet, owns the claims: they can grow without the pods being made anew.
      storageManagement: { provisioner: "Operator", reclaimPolicy: settings.durable ? "Retain" : "Delete" },
      templates: { podTemplate: "keeper", dataVolumeClaimTemplate: "keeper-data" },
    },
    configuration: {
      settings: {
        "logger/level": "information",
        // The liveness probe sends `ruok`.
        "keeper_server/four_letter_word_white_list": "ruok,mntr,srvr,stat,conf,isro",
        "prometheus/endpoint": "/metrics",
        "prometheus/port": `${KEEPER_PORTS.metrics}`,
        "prometheus/metrics": "true",
        "prometheus/events": "true",
        "prometheus/asynchronous_metrics": "true",
      },
      clusters: [
        {
          name: KEEPER_CLUSTER,
          // A second disruption budget over the same pods would make every eviction fail: this one is the operator's.
          pdbManaged: "yes",
          pdbMaxUnavailable: 1,
          layout: { replicasCount: settings.replicas },
        },
      ],
    },
    templates: {
      volumeClaimTemplates: [volumeClaim("keeper-data", settings.storage, settings.durable)],
      podTemplates: [podTemplate(settings)],
    },
  };
}

function podTemplate(settings: KeeperSettings) {
  const scratch = scratchSpace(settings.readOnlyRootFilesystem ?? false, "/var/log/clickhouse-keeper");
  const image = { ...IMAGES.clickhouseKeeper, tag: settings.imageTag ?? IMAGES.clickhouseKeeper.tag };
  const spread = (topologyKey: string) => ({
    maxSkew: 1,
    topologyKey,
    whenUnsatisfiable: "DoNotSchedule",
    labelSelector: { matchLabels: { "clickhouse-keeper.altinity.com/chk": settings.installation } },
  });
  return {
    name: "keeper",
    metadata: { labels: { app: "clickhouse-keeper", "app.kubernetes.io/name": "clickhouse-keeper" } },
    spec: {
      ...clickHousePod(settings.placement, settings.priorityClassName),
      terminationGracePeriodSeconds: 60,
      topologySpreadConstraints: [spread("topology.kubernetes.io/zone"), spread("kubernetes.io/hostname")],
      ...(scratch.volumes.length === 0 ? {} : { volumes: scratch.volumes }),
      containers: [
        {
          // The operator takes a container of any other name for a side container and adds its own default beside it.
          name: "clickhouse-keeper",
          image: imageReference(image, settings.mirrors),
          env: [{ name: "CLICKHOUSE_DATA_DIR", value: "/var/lib/clickhouse-keeper" }],
          ports: [{ name: "metrics", containerPort: KEEPER_PORTS.metrics }],
          resources: settings.resources ?? {
            requests: { cpu: "250m", memory: "1Gi" },
            limits: { cpu: "1", memory: "1Gi" },
          },
          securityContext: restrictedContainer(settings.readOnlyRootFilesystem ?? false),
          ...(scratch.volumeMounts.length === 0 ? {} : { volumeMounts: scratch.volumeMounts }),
        },
      ],
    },
  };
}

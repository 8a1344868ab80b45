import type * as pulumi from "@pulumi/pulumi";
import type * as z from "zod";
import { awsSection } from "./sections/aws";
import { bucketsSection } from "./sections/buckets";
import { clusterSection } from "./sections/cluster";
import { deliverySection } from "./sections/delivery";
import { certificatesSection, dnsSection, ingressSection } from "./sections/edge";
import { langfuseSection } from "./sections/langfuse";
import { llmSection } from "./sections/llm";
import { networkSection } from "./sections/network";
import { nodePoolsSection } from "./sections/node-pools";
import {
  allowSection,
  autoscalingSection,
  chartsSection,
  externalSecretsSection,
  iamSection,
  imagesSection,
  lifecycleSection,
  monitoringSection,
  rotationSection,
  serviceLinkedRolesSection,
  storageSection,
} from "./sections/operations";
import { secretsSection } from "./sections/secrets";
import { clickhouseSection, postgresSection, redisSection } from "./sections/stores";

/** Every top-level key of a stack's configuration and what it may hold; the order is that of the reference. */
export const SECTIONS = {
  aws: awsSection,
  lifecycle: lifecycleSection,
  network: networkSection,
  cluster: clusterSection,
  nodePools: nodePoolsSection,
  postgres: postgresSection,
  redis: redisSection,
  buckets: bucketsSection,
  clickhouse: clickhouseSection,
  langfuse: langfuseSection,
  llm: llmSection,
  delivery: deliverySection,
  ingress: ingressSection,
  dns: dnsSection,
  certificates: certificatesSection,
  monitoring: monitoringSection,
  autoscaling: autoscalingSection,
  storage: storageSection,
  charts: chartsSection,
  images: imagesSection,
  iam: iamSection,
  serviceLinkedRoles: serviceLinkedRolesSection,
  externalSecrets: externalSecretsSection,
  rotation: rotationSection,
  allow: allowSection,
  secrets: secretsSection,
};
export type SectionName = keyof typeof SECTIONS;

/** All sections, parsed, with secrets still as text; nothing outside this folder sees it. */
export type ParsedSections = { readonly [Name in SectionName]: z.output<(typeof SECTIONS)[Name]> };

/** Secrets by name, each marked secret. */
export type SecretSettings = { readonly [name: string]: pulumi.Output<string> | undefined };

/** A stack's settings: complete, checked, plain values; secrets alone are Outputs. */
export type Settings = Omit<ParsedSections, "secrets"> & { readonly secrets: SecretSettings };

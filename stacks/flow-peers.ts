import type { FlowPeer } from "../components";
import { NAMESPACES, type NamespaceRole } from "./namespaces";

/** Link-local addresses hold the node's metadata, which no pod of ours may read. */
const LINK_LOCAL = ["169.254.0.0/16"];

/** Any address outside. */
export const anywhere: FlowPeer = { addresses: { cidrs: ["0.0.0.0/0"], except: LINK_LOCAL } };

/** Pods of one of our namespaces: all, or those with the labels. */
export const pods = (role: NamespaceRole, labels?: Record<string, string>): FlowPeer => ({
  pods: { namespace: NAMESPACES[role], ...(labels === undefined ? {} : { labels }) },
});

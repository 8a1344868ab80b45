import type { Operator } from "./operator";

const API_VERSION = "argoproj.io/v1alpha1";
const CASCADE = "resources-finalizer.argocd.argoproj.io";

/** Argo CD: lets go of Applications. There is no git here, so that it brings nothing. */
export const ARGO_CD: Operator = {
  name: "argocd-application-controller",
  pods: "app.kubernetes.io/name=argocd-application-controller",
  kinds: [[API_VERSION, "Application"]],
  finalizer: ({ metadata }) => (metadata.finalizers?.includes(CASCADE) ? CASCADE : undefined),
  reconcile: async () => {},
};

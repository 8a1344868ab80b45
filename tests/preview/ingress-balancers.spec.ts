import assert from "node:assert/strict";
import * as kubernetes from "@pulumi/kubernetes";
import { planOf } from "../../preview/plan";
import { quotaNeeds } from "../../preview/quotas";
import { reachabilityOf } from "../../preview/reachability";
import { record } from "../../preview/recorder";

const PREFIX = "alb.ingress.kubernetes.io/";

describe("load balancers of Ingresses", () => {
  it("count once for a group, and say who comes in", async () => {
    const recording = await record(() => {
      const provider = new kubernetes.Provider("kubernetes", { kubeconfig: "{}" });
      const ingress = (name: string, className: string, annotations: Record<string, string>) =>
        new kubernetes.networking.v1.Ingress(
          name,
          { metadata: { name, namespace: "apps", annotations }, spec: { ingressClassName: className } },
          { provider },
        );
      const shared = { [`${PREFIX}group.name`]: "front", [`${PREFIX}scheme`]: "internet-facing" };
      ingress("one", "alb", { ...shared, [`${PREFIX}inbound-cidrs`]: "192.0.2.0/24,198.51.100.0/24" });
      ingress("two", "alb", { ...shared, [`${PREFIX}inbound-cidrs`]: "192.0.2.0/24,198.51.100.0/24" });
      ingress("own", "alb", {});
      ingress("other", "nginx", shared);
    });
    const plan = planOf("llm-platform", "test", recording);
    const [need] = quotaNeeds(plan, "us-east-1").filter(({ code }) => code === "L-53DA6B97");
    assert.equal(need?.min, 2);
    assert.deepEqual(
      reachabilityOf(plan).public.filter((line) => line.startsWith("Load balancer")),
      [
        "Load balancer front: from the internet, ports 80 and 443 from 192.0.2.0/24 and 198.51.100.0/24.",
        "Load balancer own: inside the VPC only.",
      ],
    );
  });
});

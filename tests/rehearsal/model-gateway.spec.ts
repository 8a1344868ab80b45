import assert from "node:assert/strict";
import { ingressContract } from "../../components";
import { ingressControllerValues } from "../../components/edge/ingress-controller";
import { TRAEFIK_KINDS_VALUES } from "../../components/edge/traefik-values";
import { CHARTS } from "../../components/internal/charts";
import { definitionsOf, withDefinitions } from "../../rehearsal/charts/chart-crds";
import { standInObjects } from "../../rehearsal/charts/stand-in-charts";
import { checkRoutes } from "../../rehearsal/checks/routes";
import { CUSTOM_KINDS } from "../../rehearsal/cluster/custom-kinds";
import type { Properties } from "../../rehearsal/providers/provider";
import { AwsAccount } from "./support/aws-account";
import { contextOf, object, smallCluster } from "./support/small-cluster";

const ACL = "aws:wafv2/webAcl:WebAcl";
const contract = ingressContract("traefik") ?? assert.fail();
const release = (name: string, values: Properties) => ({
  name,
  namespace: "ingress",
  chart: CHARTS.traefik.name,
  version: CHARTS.traefik.version,
  values,
});

describe("a model gateway on the rehearsal's stand-ins", () => {
  it("has Traefik's kinds from a release of their own, which runs nothing", async () => {
    const kinds = release("traefik-kinds", TRAEFIK_KINDS_VALUES);
    assert.deepEqual(
      standInObjects(kinds).objects.map(({ kind }) => kind),
      ["ServiceAccount"],
    );
    const installer = withDefinitions(
      { objectsOf: async (request) => standInObjects(request) },
      definitionsOf(CUSTOM_KINDS, []),
    );
    const { customResourceDefinitions } = await installer.objectsOf(kinds);
    assert.deepEqual(customResourceDefinitions.map(({ spec }) => spec.names.kind).sort(), [
      "IngressRoute",
      "Middleware",
      "ServersTransport",
      "TraefikService",
    ]);
  });

  it("has Traefik itself as before", () => {
    const values = ingressControllerValues("traefik", contract, { routeNamespaces: ["models"] });
    const { objects } = standInObjects(release("traefik", values as Properties));
    assert.ok(objects.some(({ kind }) => kind === "Deployment"));
  });

  it("counts in AWS WAF at a rate that the service takes", async () => {
    const account = new AwsAccount();
    const rule = (limit: number, evaluationWindowSec: number) => ({
      priority: 0,
      statement: { rateBasedStatement: { limit, evaluationWindowSec } },
    });
    const acl = await account.make(ACL, "limit", { scope: "REGIONAL", rules: [rule(100, 60)] });
    assert.match(String(acl.state.arn), /^arn:aws:wafv2:us-east-1:\d{12}:regional\/webacl\/limit-[0-9a-f]{7}\//);
    assert.deepEqual((await account.compare(acl, { rules: [rule(200, 60)] })).replaces, []);
    assert.deepEqual((await account.compare(acl, { scope: "CLOUDFRONT" })).replaces, ["scope"]);
    const refused = async (rules: Properties[]) =>
      (await account.provider.check({ ...acl.resource }, undefined, { rules })).failures.map(
        ({ property }) => property,
      );
    assert.deepEqual(await refused([rule(5, 60)]), ["rules[0].statement.rateBasedStatement.limit"]);
    assert.deepEqual(await refused([rule(10, 90)]), ["rules[0].statement.rateBasedStatement.evaluationWindowSec"]);
    assert.deepEqual(await refused([rule(10, 60), rule(20, 60)]), ["rules[1].priority"]);
  });

  describe("and its routes", () => {
    const route = (service: Properties, middlewares: Properties[] = []) =>
      object("traefik.io/v1alpha1", "IngressRoute", "llama", "app", {
        spec: { routes: [{ middlewares, services: [service] }] },
      });
    const findings = (...objects: ReturnType<typeof route>[]) => {
      const [verdict] = checkRoutes(contextOf([...smallCluster(), ...objects]));
      return verdict?.findings ?? [];
    };

    it("lead to ready pods, by way of what is there", () => {
      const middleware = object("traefik.io/v1alpha1", "Middleware", "limit");
      const service = { kind: "Service", name: "web", port: 3000 };
      assert.deepEqual(findings(route(service, [{ name: "limit" }]), middleware), []);
      const division = object("traefik.io/v1alpha1", "TraefikService", "divided", "app", {
        spec: { weighted: { services: [{ name: "web", port: 3000 }] } },
      });
      assert.deepEqual(findings(route({ kind: "TraefikService", name: "divided" }), division), []);
    });

    it("are found out when something on the way is missing", () => {
      const lost = (service: Properties, middlewares?: Properties[]) => findings(route(service, middlewares)).join(" ");
      assert.match(lost({ name: "gone", port: 8000 }), /leads to Service app\/gone, which does not exist/);
      assert.match(lost({ name: "web", port: 8000 }), /leads to port 8000 of Service app\/web/);
      assert.match(
        lost({ name: "web", port: 3000, serversTransport: "gone" }, [{ name: "limit" }]),
        /Middleware app\/limit, which does not exist.*ServersTransport app\/gone, which does not exist/,
      );
      assert.match(lost({ kind: "TraefikService", name: "gone" }), /TraefikService app\/gone, which does not exist/);
    });

    it("may lead to a server that sleeps", () => {
      const service = object("v1", "Service", "sleeper", "app", {
        spec: { selector: { app: "sleeper" }, ports: [{ name: "http", port: 8000 }] },
      });
      const scaler = object("keda.sh/v1alpha1", "ScaledObject", "sleeper", "app", { spec: { minReplicaCount: 0 } });
      const to = route({ name: "sleeper", port: 8000 });
      assert.match(findings(to, service).join(), /behind which no pod is ready/);
      assert.deepEqual(findings(to, service, scaler), []);
    });
  });
});

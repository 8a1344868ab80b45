import assert from "node:assert/strict";
import { IngressControllerKind } from "../../../components/edge/ingress-contract";
import { effectiveLimits } from "../../../components/edge/ingress-limits";
import {
  type AlbContext,
  effectiveBurst,
  f5CorsPolicy,
  type IngressContext,
  type IngressProfile,
  ingressAnnotations,
} from "../../../components/edge/ingress-profile";
import { checkIngressProfile } from "../../../components/edge/ingress-profile-checks";
import { Problems } from "../../../components/internal/problems";

const { Traefik, F5Nginx, Alb, IngressNginx } = IngressControllerKind;
const PLAIN: IngressProfile = { maxBodySizeMiB: 50, readTimeoutSeconds: 60 };
const FULL: IngressProfile = {
  ...PLAIN,
  requestsPerMinutePerClient: 100,
  burst: 250,
  corsOrigins: ["https://app.example.com", "https://b.example.com"],
  tlsRedirect: false,
};
const ALB: AlbContext = {
  certificateArn: "arn:aws:acm:us-east-1:111111111111:certificate/1",
  subnetIds: [],
  groupName: "platform",
  allowedCidrs: ["0.0.0.0/0"],
};
const NGINX = "nginx.ingress.kubernetes.io";

describe("ingressAnnotations", () => {
  it("sets body, timeouts and redirect for Traefik, and measures bodies by buffering them", () => {
    assert.deepEqual(ingressAnnotations(Traefik, PLAIN), {
      [`${NGINX}/proxy-body-size`]: "50m",
      [`${NGINX}/proxy-request-buffering`]: "on",
      [`${NGINX}/proxy-read-timeout`]: "60",
      [`${NGINX}/proxy-send-timeout`]: "60",
      [`${NGINX}/ssl-redirect`]: "true",
    });
  });

  it("writes the same Ingress for Traefik and ingress-nginx", () => {
    const context: IngressContext = { issuerName: "letsencrypt" };
    assert.deepEqual(ingressAnnotations(Traefik, FULL, context), ingressAnnotations(IngressNginx, FULL, context));
  });

  it("adds rate, CORS and issuer when they are asked for", () => {
    const annotations = ingressAnnotations(Traefik, FULL, { issuerName: "letsencrypt" });
    assert.equal(annotations[`${NGINX}/limit-rpm`], "100");
    assert.equal(annotations[`${NGINX}/limit-burst-multiplier`], "3");
    assert.equal(annotations[`${NGINX}/enable-cors`], "true");
    assert.equal(annotations[`${NGINX}/cors-allow-origin`], "https://app.example.com, https://b.example.com");
    assert.equal(annotations[`${NGINX}/cors-allow-credentials`], "true");
    assert.equal(annotations[`${NGINX}/ssl-redirect`], "false");
    assert.equal(annotations["cert-manager.io/cluster-issuer"], "letsencrypt");
  });

  it("never offers credentials to every origin", () => {
    const annotations = ingressAnnotations(Traefik, { ...PLAIN, corsOrigins: ["*"] });
    assert.equal(annotations[`${NGINX}/cors-allow-credentials`], "false");
    assert.equal(f5CorsPolicy({ ...PLAIN, corsOrigins: ["*"] })?.cors.allowCredentials, false);
  });

  it("speaks F5's own words, CORS by a policy object, challenges inside the Ingress", () => {
    assert.deepEqual(ingressAnnotations(F5Nginx, FULL, { issuerName: "letsencrypt", corsPolicyName: "cors" }), {
      "nginx.org/client-max-body-size": "50m",
      "nginx.org/proxy-read-timeout": "60s",
      "nginx.org/proxy-send-timeout": "60s",
      "nginx.org/ssl-redirect": "false",
      "nginx.org/limit-req-rate": "100r/m",
      "nginx.org/limit-req-key": "$binary_remote_addr",
      "nginx.org/limit-req-zone-size": "10M",
      "nginx.org/limit-req-burst": "250",
      "nginx.org/limit-req-no-delay": "true",
      "nginx.org/limit-req-reject-code": "429",
      "nginx.org/policies": "cors",
      "cert-manager.io/cluster-issuer": "letsencrypt",
      "acme.cert-manager.io/http01-edit-in-place": "true",
    });
    assert.deepEqual(f5CorsPolicy(FULL)?.cors.allowOrigin, FULL.corsOrigins);
    assert.equal(f5CorsPolicy(PLAIN), undefined);
    assert.equal("nginx.org/policies" in ingressAnnotations(F5Nginx, PLAIN, { corsPolicyName: "cors" }), false);
    assert.equal("nginx.org/limit-req-burst" in ingressAnnotations(F5Nginx, { ...FULL, burst: 0 }), false);
  });

  it("describes a load balancer for alb, public and unprotected unless told", () => {
    const { "alb.ingress.kubernetes.io/subnets": subnets, ...rest } = ingressAnnotations(Alb, PLAIN, { alb: ALB });
    assert.notEqual(subnets, undefined);
    assert.deepEqual(rest, {
      "alb.ingress.kubernetes.io/scheme": "internet-facing",
      "alb.ingress.kubernetes.io/target-type": "ip",
      "alb.ingress.kubernetes.io/group.name": "platform",
      "alb.ingress.kubernetes.io/inbound-cidrs": "0.0.0.0/0",
      "alb.ingress.kubernetes.io/certificate-arn": "arn:aws:acm:us-east-1:111111111111:certificate/1",
      "alb.ingress.kubernetes.io/ssl-policy": "ELBSecurityPolicy-TLS13-1-2-2021-06",
      "alb.ingress.kubernetes.io/listen-ports": '[{"HTTP": 80}, {"HTTPS": 443}]',
      "alb.ingress.kubernetes.io/ssl-redirect": "443",
      "alb.ingress.kubernetes.io/healthcheck-path": "/",
      "alb.ingress.kubernetes.io/load-balancer-attributes":
        "deletion_protection.enabled=false,idle_timeout.timeout_seconds=60",
    });
  });

  it("takes what an alb may differ in, and needs to be told of it", () => {
    const one = { ...FULL, corsOrigins: ["https://app.example.com"] };
    const annotations = ingressAnnotations(Alb, one, {
      alb: { ...ALB, internal: true, durable: true, healthCheckPath: "/api/public/health" },
    });
    assert.equal(annotations["alb.ingress.kubernetes.io/scheme"], "internal");
    assert.equal(annotations["alb.ingress.kubernetes.io/listen-ports"], '[{"HTTPS": 443}]');
    assert.equal(annotations["alb.ingress.kubernetes.io/ssl-redirect"], undefined);
    assert.equal(annotations["alb.ingress.kubernetes.io/healthcheck-path"], "/api/public/health");
    assert.match(
      String(annotations["alb.ingress.kubernetes.io/load-balancer-attributes"]),
      /deletion_protection\.enabled=true/,
    );
    assert.equal(
      annotations["alb.ingress.kubernetes.io/listener-attributes.HTTPS-443"],
      "routing.http.response.access_control_allow_origin.header_value=https://app.example.com",
    );
    const withoutTls = ingressAnnotations(Alb, one, { alb: { ...ALB, certificateArn: undefined } });
    assert.equal(withoutTls["alb.ingress.kubernetes.io/listen-ports"], '[{"HTTP": 80}]');
    assert.equal(withoutTls["alb.ingress.kubernetes.io/certificate-arn"], undefined);
    assert.throws(() => ingressAnnotations(Alb, PLAIN), /the controller alb needs `context\.alb`/);
  });
});

describe("effectiveLimits", () => {
  it("says that rates count for each pod, and what a burst becomes", () => {
    assert.deepEqual(effectiveLimits(Traefik, FULL, 3), [
      "Request bodies above 50 MiB are answered with 413.",
      "A pause of 60 s in an answer ends the request with 504.",
      "Each pod of the controller lets one client address make 100 requests a minute and 300 at once; " +
        "over 3 pods that is between 100 and 300 a minute. What exceeds it is answered with 429.",
      "A burst of 250 becomes 300: this controller takes whole multiples of the rate, at least one.",
      "Pages of https://app.example.com, https://b.example.com may call, with credentials.",
      "Plain HTTP is served as it is.",
    ]);
    assert.equal(
      effectiveLimits(F5Nginx, FULL, 3).some((sentence) => sentence.includes("becomes")),
      false,
    );
  });

  it("rounds bursts only where the annotations do", () => {
    const rate = { ...PLAIN, requestsPerMinutePerClient: 100 };
    assert.equal(effectiveBurst(Traefik, { ...rate, burst: 1 }), 100);
    assert.equal(effectiveBurst(F5Nginx, { ...rate, burst: 1 }), 1);
    assert.equal(effectiveBurst(Traefik, rate), 500);
    assert.equal(effectiveBurst(F5Nginx, rate), 500);
  });

  it("owns up to what an ALB does not do", () => {
    const sentences = effectiveLimits(Alb, FULL, 1);
    assert.match(sentences[0] ?? "", /does not limit request bodies/);
    assert.match(sentences[2] ?? "", /100 requests a minute need a rate rule of AWS WAF/);
    assert.match(sentences[3] ?? "", /the application must answer CORS/);
    assert.equal(sentences[4], "Port 80 is closed.");
    assert.deepEqual(effectiveLimits(Alb, PLAIN, 1).slice(2), [
      "No limit on the rate of requests.",
      "Plain HTTP is sent on to HTTPS.",
    ]);
  });
});

describe("checkIngressProfile", () => {
  const problemsOf = (profile: IngressProfile): string => {
    const problems = new Problems();
    checkIngressProfile(problems, "ingress", profile);
    try {
      problems.throwIfAny("Test", "test");
    } catch (error) {
      return (error as Error).message;
    }
    return "";
  };

  it("accepts what can be done", () => {
    assert.equal(problemsOf(PLAIN), "");
    assert.equal(problemsOf(FULL), "");
    assert.equal(problemsOf({ ...PLAIN, corsOrigins: ["*"] }), "");
  });

  it("names everything that cannot", () => {
    const message = problemsOf({
      maxBodySizeMiB: 0,
      readTimeoutSeconds: 4001,
      burst: 5,
      corsOrigins: ["*", "app.example.com/path"],
    });
    assert.match(message, /ingress\.maxBodySizeMiB: must be a whole number from 1 to 5120 \(got 0\)/);
    assert.match(message, /ingress\.readTimeoutSeconds: must be a whole number from 1 to 4000 \(got 4001\)/);
    assert.match(message, /ingress\.burst: means nothing without requestsPerMinutePerClient \(got 5\)/);
    assert.match(message, /ingress\.corsOrigins\[1\]: must be \* or an origin/);
    assert.match(message, /ingress\.corsOrigins: names \* beside others/);
    assert.match(
      problemsOf({ ...PLAIN, requestsPerMinutePerClient: 0.5 }),
      /requestsPerMinutePerClient: must be a whole/,
    );
  });

  it("stands before the annotations of every controller", () => {
    for (const controller of [Traefik, F5Nginx, Alb])
      assert.throws(
        () => ingressAnnotations(controller, { ...PLAIN, maxBodySizeMiB: 0 }),
        /profile\.maxBodySizeMiB: must be a whole number from 1 to 5120 \(got 0\)/,
      );
  });
});

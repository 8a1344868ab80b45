import assert from "node:assert/strict";
import { kindsIn } from "../../rehearsal/api/discovery";
import { collectionPath, listQuery, objectPath } from "../../rehearsal/api/paths";
import { refusal, wasNotSent } from "../../rehearsal/api/rest-client";

const LIST = {
  resources: [
    { name: "deployments", kind: "Deployment", namespaced: true },
    { name: "deployments/scale", kind: "Scale", namespaced: true },
    { name: "deployments/status", kind: "Deployment", namespaced: true },
    { name: "storageclasses", kind: "StorageClass", namespaced: false },
  ],
};

describe("the rehearsal's way to an API server", () => {
  it("knows kinds by the server's own list", () => {
    assert.deepEqual(Object.fromEntries(kindsIn(LIST)), {
      Deployment: { plural: "deployments", namespaced: true, statusSubresource: true },
      StorageClass: { plural: "storageclasses", namespaced: false, statusSubresource: false },
    });
  });

  describe("paths", () => {
    const pods = { plural: "pods", namespaced: true, statusSubresource: true };
    const classes = { plural: "storageclasses", namespaced: false, statusSubresource: false };

    it("of the core group differ from those of all others", () => {
      assert.equal(objectPath("v1", pods, { name: "a", namespace: "b" }), "/api/v1/namespaces/b/pods/a");
      assert.equal(collectionPath("metrics.k8s.io/v1", pods, "b"), "/apis/metrics.k8s.io/v1/namespaces/b/pods");
    });

    it("hold a namespace for kinds that live in one, and for no others", () => {
      const path = "/apis/storage.k8s.io/v1/storageclasses/gp3";
      assert.equal(objectPath("storage.k8s.io/v1", classes, { name: "gp3", namespace: "b" }), path);
      assert.equal(objectPath("v1", pods, { name: "a" }), "/api/v1/namespaces/default/pods/a");
      assert.equal(collectionPath("v1", pods, undefined), "/api/v1/pods");
    });

    it("carry selectors as they are written", () => {
      assert.equal(listQuery({ namespace: "b" }), "");
      assert.equal(listQuery({ labelSelector: "app=web,tier!=db" }), "?labelSelector=app%3Dweb%2Ctier%21%3Ddb");
    });
  });

  describe("a refusal", () => {
    it("says what the server's Status says", () => {
      const status = { kind: "Status", code: 409, reason: "AlreadyExists", message: 'pods "a" already exists' };
      const { code, reason, message } = refusal(409, JSON.stringify(status), "POST /pods");
      assert.deepEqual({ code, reason, message }, { code: 409, reason: status.reason, message: status.message });
    });

    it("says what was asked when something else answered", () => {
      const { code, reason, message } = refusal(502, "bad gateway\n", "GET /pods");
      assert.deepEqual(
        { code, reason, message },
        { code: 502, reason: "Unknown", message: "GET /pods: HTTP 502: bad gateway" },
      );
    });
  });

  it("asks again only when the server cannot have seen the request", () => {
    assert.ok(wasNotSent("ECONNREFUSED", false));
    assert.ok(wasNotSent("ECONNRESET", true));
    assert.ok(!wasNotSent("ECONNRESET", false));
    assert.ok(!wasNotSent("ETIMEDOUT", true));
    assert.ok(!wasNotSent(undefined, true));
  });
});

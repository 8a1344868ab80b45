/** Where charts and images are taken from instead of their public homes; plain values, both optional. */
export interface Mirrors {
  /**
   * Replaces every chart repository: a folder relative to the project (`./charts`) or a URL base, holding
   * `<chart>-<version>.tgz`. Default: each chart's own repository.
   */
  readonly charts?: string;
  /**
   * Goes in front of every image, registry included: `docker.io/library/busybox:1.37.0` is then pulled from
   * `<mirror>/docker.io/library/busybox:1.37.0`, which is the layout of an ECR pull-through cache whose rules are named
   * after the upstream registries. Default: each image's own registry.
   */
  readonly images?: string;
}

import * as z from "zod";
import { flag, text } from "../fields";

const url = (description: string) =>
  text(description, /^https:\/\/[^\s@?#]+$/, "must be an https URL", "Copy it from the identity provider.");

const common = {
  clientId: z.string().min(1).describe("Client id that the provider gave to this Langfuse."),
  allowAccountLinking: flag(
    "Whether a sign-in joins an account of the same address; safe only with providers that verify addresses. Default false.",
    false,
  ),
};

const provider = <S extends z.ZodRawShape>(name: string, secret: string, shape: S) =>
  z
    .strictObject({ ...common, ...shape })
    .optional()
    .describe(`Sign in with ${name}; the client's secret is secrets.${secret}.`);

const issuer = url("Issuer URL.");

/** The provider of each key of `sso`, and the entry of `secrets` that it needs. */
export const SSO_SECRETS = {
  auth0: "ssoAuth0ClientSecret",
  azureAd: "ssoAzureAdClientSecret",
  cognito: "ssoCognitoClientSecret",
  custom: "ssoCustomClientSecret",
  github: "ssoGithubClientSecret",
  githubEnterprise: "ssoGithubEnterpriseClientSecret",
  gitlab: "ssoGitlabClientSecret",
  google: "ssoGoogleClientSecret",
  keycloak: "ssoKeycloakClientSecret",
  okta: "ssoOktaClientSecret",
  workos: "ssoWorkosClientSecret",
} as const;
export type SsoProvider = keyof typeof SSO_SECRETS;

/** `langfuse.sso`: identity providers, keyed and optioned as Langfuse's chart names them. */
export const ssoSection = z
  .strictObject({
    auth0: provider("Auth0", SSO_SECRETS.auth0, { issuer }),
    azureAd: provider("Microsoft Entra ID", SSO_SECRETS.azureAd, {
      tenantId: z.string().min(1).describe("Tenant id."),
    }),
    cognito: provider("Amazon Cognito", SSO_SECRETS.cognito, { issuer }),
    custom: provider("any OpenID Connect provider", SSO_SECRETS.custom, {
      issuer,
      name: z.string().min(1).describe("Name on the sign-in button."),
      scope: z
        .string()
        .min(1)
        .default("openid email profile")
        .describe("Scopes to ask for. Default openid email profile."),
    }),
    github: provider("GitHub", SSO_SECRETS.github, {}),
    githubEnterprise: provider("GitHub Enterprise", SSO_SECRETS.githubEnterprise, {
      baseUrl: url("URL of the server."),
    }),
    gitlab: provider("GitLab", SSO_SECRETS.gitlab, { issuer: issuer.optional() }),
    google: provider("Google", SSO_SECRETS.google, {
      allowedDomains: z
        .string()
        .min(1)
        .optional()
        .describe("Domains whose accounts may sign in, separated by commas. Default every domain."),
    }),
    keycloak: provider("Keycloak", SSO_SECRETS.keycloak, { issuer }),
    okta: provider("Okta", SSO_SECRETS.okta, { issuer }),
    workos: provider("WorkOS", SSO_SECRETS.workos, {
      organizationId: z.string().min(1).optional().describe("Organisation id."),
      connectionId: z.string().min(1).optional().describe("Connection id."),
    }),
  })
  .prefault({})
  .describe("Identity providers that people may sign in with. Default none.");

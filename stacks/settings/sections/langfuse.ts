import * as z from "zod";
import { HOST_NAME } from "../../../components/internal/names";
import { isReservedVariable } from "../../../components/langfuse/langfuse-check-stores";
import { containerResources, exactVersion, flag, kubernetesName, says, secretEntry, text, whole } from "../fields";
import { ssoSection } from "./sso";

const id = (description: string) =>
  text(
    description,
    /^[a-z0-9]([-_a-z0-9]{0,62}[a-z0-9])?$/i,
    "must be an id of letters, digits, dashes and underscores",
    "Choose a short id; it stays for ever.",
  );

const email = (description: string) =>
  text(
    description,
    /^[^\s@<>"]+@[^\s@<>"]+\.[^\s@<>"]+$/,
    "must be an e-mail address",
    "Write the address alone, such as admin@example.com.",
  );

const bounds = {
  minReplicas: whole("Fewest pods.", 1, 1000),
  maxReplicas: whole("Most pods.", 1, 1000),
  cpuPercent: whole("CPU, in percent of the request, above which pods are added.", 10, 95),
};

const minAvailable = () =>
  whole(
    "Pods that a node drain must leave running; less than minReplicas. Default: one pod at a time may go.",
    1,
    999,
  ).optional();

const rollout = z
  .strictObject({
    enabled: z
      .boolean()
      .describe(
        "Whether new versions come one pod first. To go back set it to false and keep the block: without it the pods are not brought back first.",
      ),
    startReplicas: whole(
      "Pods that it begins with, when it is switched on in a running stack: as many as run then. Default autoscaling.minReplicas.",
      1,
      1000,
    ).optional(),
    pauseSeconds: whole("Seconds that one pod of a new version is watched for. Default 300.", 30, 86400).default(300),
    maxErrorRatePercent: z
      .number()
      .positive()
      .max(50)
      .default(1)
      .describe("Share of failed requests in percent, above which a new version goes back. Default 1."),
  })
  .describe("Bring new versions of the web pods one pod first, by Argo Rollouts. Default: a rolling update.");

const web = z
  .strictObject({
    autoscaling: z.strictObject(bounds).describe("How many pods serve the UI and the API."),
    resources: containerResources("CPU and memory of each web pod."),
    minAvailable: minAvailable(),
    rollout: rollout.optional(),
  })
  .describe("The pods that serve the UI and the API.");

const worker = z
  .strictObject({
    autoscaling: z
      .strictObject({
        ...bounds,
        queueLength: whole("Waiting jobs for each worker, above which pods are added.", 1, 100000),
      })
      .describe("How many pods process events."),
    resources: containerResources("CPU and memory of each worker pod."),
    minAvailable: minAvailable(),
  })
  .describe("The pods that process events.");

const initialization = z
  .strictObject({
    organization: z
      .strictObject({
        id: id("Id of the organisation."),
        name: z.string().min(1).describe("Name of the organisation."),
      })
      .describe("The first organisation."),
    project: z
      .strictObject({
        id: id("Id of the project."),
        name: z.string().min(1).describe("Name of the project."),
      })
      .describe("The first project; its API keys are generated."),
    user: z
      .strictObject({
        email: email("Address that the user signs in with."),
        name: z.string().min(1).describe("Name of the user."),
      })
      .describe("The first user; the password is generated, the stack's outputs say where it is."),
  })
  .describe(
    "What a new Langfuse starts with. Default: nothing; nobody can sign up, so that people then come in by sso alone.",
  );

/** Environment variables that other settings decide, besides those that the release refuses; twice would break it. */
const OWNED_ENVIRONMENT =
  /^(DATABASE_|DIRECT_URL|SHADOW_DATABASE|CLICKHOUSE_|REDIS_|LANGFUSE_S3_|SALT$|ENCRYPTION_KEY$|NEXTAUTH_|TELEMETRY_ENABLED$|SMTP_|EMAIL_FROM|AUTH_|LANGFUSE_INIT_|LANGFUSE_AUTO_|LANGFUSE_EE_LICENSE_KEY$|NODE_OPTIONS$|PORT$|HOSTNAME$)/;

const SECRET_LOOKING = /(PASSWORD|SECRET|TOKEN|PRIVATE_KEY|API_KEY|ACCESS_KEY)$/;

const variableName = () =>
  text(
    "Name of an environment variable.",
    /^[A-Z_][A-Z0-9_]*$/,
    "must be the name of an environment variable: capitals, digits and underscores",
    "Write it as Langfuse documents it.",
  ).refine(
    (name) => !OWNED_ENVIRONMENT.test(name) && !isReservedVariable(name),
    says(
      "is set by the platform itself, and twice would break the release",
      "Use the setting for it, or leave it out.",
    ),
  );

const environment = z
  .record(
    variableName().refine(
      (name) => !SECRET_LOOKING.test(name),
      says(
        "looks like a secret, which must not be plain text",
        "Put the value under secrets and name it in langfuse.secretEnvironment.",
      ),
    ),
    z.string().describe("Value; numbers and switches in quotes."),
  )
  .default({})
  .describe("More environment variables of web and worker, by name. Default none.");

const secretEnvironment = z
  .record(
    variableName(),
    text(
      "Name of the entry under secrets that holds the value.",
      /^env[A-Z][A-Za-z0-9]*$/,
      "must name an entry under secrets that begins with env",
      "Name it like envOpenaiApiKey.",
    ),
  )
  .default({})
  .describe("Environment variables of web and worker whose value is an entry under secrets, by name. Default none.");

const existingSecret = z
  .strictObject({
    name: kubernetesName("Name of the Secret."),
    saltKey: secretEntry("Entry with the salt. Default salt.").default("salt"),
    encryptionKeyKey: secretEntry("Entry with the encryption key. Default encryption-key.").default("encryption-key"),
    nextAuthSecretKey: secretEntry("Entry with the session secret. Default nextauth-secret.").default(
      "nextauth-secret",
    ),
  })
  .describe(
    "A Kubernetes Secret in namespace langfuse that somebody else owns, with salt, encryption key and session secret. Default: generated.",
  );

/** `langfuse`: the application. */
export const langfuseSection = z
  .strictObject({
    host: text(
      "Host name of the UI and the API.",
      HOST_NAME,
      "must be a DNS host name in lower case, without scheme and port",
      "Write it like langfuse.example.com.",
    ),
    version: exactVersion('Version of Langfuse, in quotes, 3.x or 4.x. Default "3.225.4".').default("3.225.4"),
    webVersion: exactVersion(
      "Holds the web pods at another version while workers move first. Default: version.",
    ).optional(),
    web,
    worker,
    databaseConnectionLimit: whole("Database connections of each pod. Default 10.", 1, 1000).default(10),
    initialization: initialization.optional(),
    existingSecret: existingSecret.optional(),
    signUp: z
      .boolean()
      .optional()
      .describe(
        "Whether somebody unknown who signs in, also by single sign-on, gets an account. Default: only where passwordSignIn is false, so that identity providers alone decide.",
      ),
    passwordSignIn: flag("Whether people may sign in by e-mail and password. Default true.", true),
    telemetry: flag("Whether Langfuse reports usage statistics to its makers. Default false.", false),
    sso: ssoSection,
    smtp: z
      .strictObject({
        fromAddress: email("Sender of the mails."),
        port: whole(
          "Port of the mail server, as in secrets.smtpConnectionUrl; opened in the network policies. Default 587.",
          1,
          65535,
        ).default(587),
      })
      .optional()
      .describe("Send mail through the server of secrets.smtpConnectionUrl. Default: no mail is sent."),
    environment,
    secretEnvironment,
    ingress: z
      .strictObject({
        maxBodySizeMiB: whole("Largest request in MiB. Default 50.", 1, 1024).default(50),
        readTimeoutSeconds: whole("Longest wait for an answer in seconds. Default 60.", 1, 3600).default(60),
        requestsPerMinutePerClient: whole(
          "Requests a minute that one address may send through each controller replica. Default no limit.",
          1,
          1000000,
        ).optional(),
      })
      .prefault({})
      .describe("What the ingress allows."),
  })
  .describe("Langfuse. Its licence key, if any, is secrets.langfuseLicenseKey.");

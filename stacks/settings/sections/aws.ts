import * as z from "zod";
import { text } from "../fields";

/** `aws`: the account and region of the stack. */
export const awsSection = z
  .strictObject({
    region: text(
      "Region of everything, e.g. us-east-1. A change makes a new platform.",
      /^[a-z]{2}(-[a-z]+)+-\d$/,
      "must be the name of an AWS region",
      "Write it as AWS does, such as us-east-1.",
    ),
    accountId: text(
      "The only AWS account that this stack may touch; with credentials of another one the run stops before it begins.",
      /^\d{12}$/,
      "must be an AWS account id of 12 digits",
      "Copy it from `aws sts get-caller-identity`, in quotes.",
    ),
    assumeRoleArn: text(
      "Role that the run assumes, for AWS and for the cluster. Default: whoever the credentials in the environment belong to.",
      /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/,
      "must be the ARN of an IAM role",
      "Write it as arn:aws:iam::<account>:role/<name>.",
    ).optional(),
    tags: z
      .record(
        text(
          "Name of a tag.",
          /^(?!aws:)[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/u,
          "must be a tag name of at most 128 letters, digits and _.:/=+-@, not beginning with aws:",
          "Rename the tag.",
        ),
        text(
          "Value of the tag.",
          /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}$/u,
          "must be a tag value of at most 256 letters, digits and _.:/=+-@",
          "Shorten it or take other characters out.",
        ),
      )
      .default({})
      .describe("Tags of every AWS resource. Default none besides the platform's own."),
  })
  .describe("The AWS account and region of the stack.");
